import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chanceSeed, drawOf, isWin } from './chance.ts'

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const draw = { offerId: 'off_1', version: 2, anchor: 'hol_1', period: '2026-03' }
const hmac = (text: string) => createHmac('sha256', 'a secret of the workspace').update(text).digest()

describe('the dice of a surprise', () => {
  it.each([
    ['0000000000000000', 20, 0],
    ['0cccccccccccccccff', 20, 0],
    ['0ccccccccccccccdff', 20, 1],
    ['8000000000000000', 20, 10],
    ['ffffffffffffffff', 20, 19],
    ['ffffffffffffffff', 1, 0],
    ['ffffffffffffffff', 3, 2],
    ['ffffffffffffffff', 2 ** 24, 2 ** 24 - 1],
  ])('%s out of %d draws %d', (hex, outOf, drawn) => {
    expect(drawOf(bytesOf(hex), outOf)).toBe(drawn)
  })

  it('are read where the bytes lie in a larger buffer', () => {
    expect(drawOf(bytesOf('ffff8000000000000000').subarray(2), 20)).toBe(10)
  })

  it('are not thrown with fewer than 8 bytes, whatever lies behind them', () => {
    expect(() => drawOf(bytesOf('ffffffffffffffffff').subarray(0, 7), 20)).toThrow(RangeError)
  })

  it.each([
    [{ wins: 1, outOf: 20 }, '0ccccccccccccccc', true],
    [{ wins: 1, outOf: 20 }, '0ccccccccccccccd', false],
    [{ wins: 3, outOf: 20 }, '2666666666666665', true],
    [{ wins: 3, outOf: 20 }, '2666666666666667', false],
    [{ wins: 0, outOf: 20 }, '0000000000000000', false],
    [{ wins: 20, outOf: 20 }, 'ffffffffffffffff', true],
  ])('with %o and %s: a win is %s', (chance, hex, won) => {
    expect(isWin({ draw: drawOf(bytesOf(hex), chance.outOf), wins: chance.wins })).toBe(won)
  })

  it('are seeded by one text for one draw', () => {
    expect(chanceSeed(draw)).toBe('chance\noff_1\n2\nhol_1\n2026-03')
    expect(chanceSeed({ ...draw, period: '' })).toBe('chance\noff_1\n2\nhol_1\n')
  })

  it('fall the same for everyone who checks them later', () => {
    const bytes = hmac(chanceSeed(draw))
    expect(bytes.toString('hex', 0, 8)).toBe('85ec5268e53a7766')
    expect(drawOf(bytes, 20)).toBe(10)
  })

  it('let one in twenty of many holders win', () => {
    const holders = Array.from({ length: 20_000 }, (_, index) => `hol_${index}`)
    const winners = holders.filter(anchor =>
      isWin({ draw: drawOf(hmac(chanceSeed({ ...draw, anchor })), 20), wins: 1 }),
    )
    const deviation = Math.sqrt(20_000 * 0.05 * 0.95)
    expect(Math.abs(winners.length - 1000)).toBeLessThan(3 * deviation)
  })
})
