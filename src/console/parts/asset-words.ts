import { formatMoney, formatNumber } from '../../faces/format.ts'
import { unitWord } from '../../faces/points.ts'
import { useCall } from '../../faces/queries.ts'
import { type CsvAmount, csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'

/** What a caption says, in languages with more than one plural too. */
const severalPoints = 5

const moneyKinds = ['credit', 'cashback', 'giftCard']

/**
 * What value is called and how it is written: points by their programme, money by its currency.
 *
 *     const assets = useAssets()
 *     assets.name('points:club')          // 'Coffee Club'
 *     assets.amount('points:club', 1200)  // '1,200 points'
 *     assets.amount('credit:EUR', 1200)   // '€12.00'
 */
export const useAssets = (): {
  readonly name: (asset: string) => string
  readonly amount: (asset: string, value: number) => string
  /** With its sign: '+1,200 points'. */
  readonly change: (asset: string, value: number) => string
  /** Of points as a caption of figures: 'points'. */
  readonly unit: (asset: string) => string
  /** As the CSV of a table has it: points in their `points:club`. */
  readonly csv: (asset: string, value: number) => CsvAmount
  /** Figures without their unit. */
  readonly figure: (asset: string, value: number) => string
} => {
  const words = useWords()
  const { t, language } = words
  const { data } = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  const parts = (asset: string): readonly [string, string] => {
    const [kind = '', of = ''] = asset.split(':')
    return [kind, of]
  }
  const unitOf = (id: string) => data?.data.find(it => it.id === id)?.unit ?? { one: '', many: '', decimals: 0 }
  const figure = (asset: string, value: number, isSigned = false): string => {
    const [kind, of] = parts(asset)
    if (moneyKinds.includes(kind)) return formatMoney(value, of, language, { isSigned })
    const { decimals } = unitOf(of)
    return formatNumber(value / 10 ** decimals, language, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      signDisplay: isSigned ? 'exceptZero' : 'auto',
    })
  }
  const amount = (asset: string, value: number, isSigned = false): string => {
    const [kind, of] = parts(asset)
    if (moneyKinds.includes(kind)) return figure(asset, value, isSigned)
    const unit = unitOf(of)
    return `${figure(asset, value, isSigned)} ${unitWord(value / 10 ** unit.decimals, unit, words)}`.trim()
  }
  const unit = (asset: string): string => {
    const [kind, of] = parts(asset)
    return moneyKinds.includes(kind) ? of : unitWord(severalPoints, unitOf(of), words)
  }
  return {
    name: asset => {
      const [kind, of] = parts(asset)
      if (moneyKinds.includes(kind)) return t(`loyalty.asset.${kind}`, { currency: of })
      const name = data?.data.find(it => it.id === of)?.name ?? of
      return kind === 'qualifying' ? t('loyalty.asset.qualifying', { name }) : name
    },
    amount,
    change: (asset, value) => amount(asset, value, true),
    csv: (asset, value) => {
      const [kind, of] = parts(asset)
      if (moneyKinds.includes(kind)) return csvMoney(value, of)
      return { amount: value / 10 ** unitOf(of).decimals, currency: asset }
    },
    unit,
    figure,
  }
}
