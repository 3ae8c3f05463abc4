/** What the made-up chain sells, and where. Nothing in it is real. */

export type Product = {
  readonly sku: string
  readonly name: string
  readonly category: Category
  /** Minor units of EUR. */
  readonly price: number
}

export const categories = ['coffee', 'iced', 'tea', 'pastry', 'lunch', 'beans', 'fruit', 'dairy', 'pantry'] as const
export type Category = (typeof categories)[number]

const shelf = (
  category: Category,
  items: readonly (readonly [sku: string, name: string, price: number])[],
): Product[] => items.map(([sku, name, price]) => ({ sku, name, category, price }))

export const products: readonly Product[] = [
  ...shelf('coffee', [
    ['ESPRESSO', 'Espresso', 150],
    ['MACCHIATO', 'Macchiato', 190],
    ['CAPPUCCINO', 'Cappuccino', 290],
    ['LATTE', 'Caffè latte', 340],
    ['FLAT-WHITE', 'Flat white', 360],
  ]),
  ...shelf('iced', [
    ['COLD-BREW', 'Cold brew', 390],
    ['SHAKERATO', 'Caffè shakerato', 420],
    ['ICED-TEA', 'Iced tea', 320],
  ]),
  ...shelf('tea', [
    ['GREEN-TEA', 'Green tea', 280],
    ['CHAI', 'Chai', 360],
  ]),
  ...shelf('pastry', [
    ['CORNETTO', 'Cornetto', 180],
    ['CANNOLO', 'Cannolo', 320],
    ['CARROT-CAKE', 'Carrot cake', 420],
  ]),
  ...shelf('lunch', [
    ['FOCACCIA', 'Focaccia', 550],
    ['SALAD', 'Salad of the day', 790],
  ]),
  ...shelf('beans', [
    ['BEANS-HOUSE', 'House blend, 500 g', 1190],
    ['BEANS-ETHIOPIA', 'Ethiopia, 250 g', 1090],
    ['BEANS-DECAF', 'Decaf, 250 g', 990],
    ['MOKA', 'Moka pot', 2990],
    ['GRINDER', 'Hand grinder', 5990],
  ]),
  ...shelf('fruit', [
    ['APPLES', 'Apples, 1 kg', 290],
    ['LEMONS', 'Lemons, 500 g', 220],
    ['TOMATOES', 'Tomatoes, 500 g', 260],
  ]),
  ...shelf('dairy', [
    ['MILK', 'Milk, 1 l', 159],
    ['OAT-DRINK', 'Oat drink, 1 l', 229],
    ['PARMIGIANO', 'Parmigiano, 300 g', 790],
  ]),
  ...shelf('pantry', [
    ['PASTA', 'Pasta, 500 g', 149],
    ['OLIVE-OIL', 'Olive oil, 0.75 l', 990],
    ['BISCUITS', 'Biscuits', 279],
    ['CHOCOLATE', 'Chocolate', 249],
  ]),
]

export const productsOf = (category: Category): readonly Product[] => products.filter(it => it.category === category)

export type Store = { readonly id: string; readonly name: string; readonly address: string }

const street = (id: string, name: string, address: string): Store => ({ id, name, address })
export const stores: readonly Store[] = [
  street('milano-brera', 'Milano Brera', 'Via Solferino 12, Milano'),
  street('milano-navigli', 'Milano Navigli', 'Alzaia Naviglio Grande 4, Milano'),
  street('torino-centro', 'Torino Centro', 'Via Po 21, Torino'),
  street('genova-porto', 'Genova Porto', 'Via San Lorenzo 8, Genova'),
  street('bologna-santo-stefano', 'Bologna Santo Stefano', 'Via Santo Stefano 3, Bologna'),
  street('venezia-rialto', 'Venezia Rialto', 'Riva del Vin 7, Venezia'),
  street('firenze-oltrarno', 'Firenze Oltrarno', 'Borgo San Jacopo 15, Firenze'),
  street('roma-prati', 'Roma Prati', 'Via Cola di Rienzo 90, Roma'),
  street('roma-trastevere', 'Roma Trastevere', 'Via della Lungaretta 33, Roma'),
  street('napoli-chiaia', 'Napoli Chiaia', 'Via dei Mille 18, Napoli'),
  street('bari-murat', 'Bari Murat', 'Via Sparano 40, Bari'),
  street('palermo-kalsa', 'Palermo Kalsa', 'Via Alloro 5, Palermo'),
]

/** On the clock of the chain, from the first hour to the last that a sale may be in. */
export const openingHours = { store: [7, 19], web: [8, 23], app: [7, 19] } as const
export const timeZone = 'Europe/Rome'
export const currency = 'EUR'
export const shippingFee = 490
