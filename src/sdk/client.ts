import { calls, type TesseraApi } from './api.ts'
import { createCaller, type TesseraOptions } from './caller.ts'

export type Tessera = TesseraApi

/**
 * A client with one method for every call of the API; it needs nothing but `fetch`.
 *
 *     const tessera = createTessera({ url: 'http://127.0.0.1:8080', key: process.env.TESSERA_KEY })
 *     const order = await tessera.putOrder('web-1001', { state: 'placed', lines: [{ id: '1', sku: 'LATTE', quantity: 2, unitPrice: 450 }] })
 *     for await (const offer of tessera.listOffers()) console.log(offer.name)
 */
export const createTessera = (options: TesseraOptions): Tessera => createCaller(calls, options)
