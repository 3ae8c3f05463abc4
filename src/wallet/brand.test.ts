import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brandTokens, contrast } from './brand.ts'

describe('the colour of a business', () => {
  it('is taken as it is where it can be read', () => {
    expect(brandTokens('#0b6b5e', 'light')['--accent']).toBe('#0b6b5e')
    expect(contrast('#000000', '#ffffff')).toBe(21)
  })

  it('can be read on what it stands on, whichever it is, and so can what stands on it', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map(value => `#${value.toString(16).padStart(6, '0')}`)
    fc.assert(
      fc.property(hex, fc.constantFrom('light' as const, 'dark' as const), (accent, scheme) => {
        const tokens = brandTokens(accent, scheme)
        for (const ground of scheme === 'light' ? ['#f6f7f9', '#ffffff'] : ['#12161b', '#1a2027', '#222932'])
          expect(contrast(tokens['--accent']!, ground)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(tokens['--on-accent']!, tokens['--accent']!)).toBeGreaterThanOrEqual(4.5)
        expect(contrast('#ffffff', tokens['--card']!)).toBeGreaterThanOrEqual(4.5)
        expect(contrast('#ffffff', tokens['--card-deep']!)).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})
