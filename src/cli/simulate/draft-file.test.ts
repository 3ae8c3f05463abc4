import { describe, expect, it } from 'vitest'
import { draftId } from '../../core/simulation/drafts.ts'
import { checkWhole, readDraftFile } from './draft-file.ts'

const tenth = 'name: A tenth off\ntrigger: { on: basket }\nbenefit: { kind: percentOff, percent: 10 }\n'
const indented = tenth.replaceAll('\n', '\n    ').trim()

describe('a file of drafts', () => {
  it.each([
    ['one offer', tenth],
    ['a list', `-   ${indented}`],
    ['offers:', `offers:\n  - ${indented}`],
    ['JSON', '{"name": "A tenth off", "trigger": {"on": "basket"}, "benefit": {"kind": "percentOff", "percent": 10}}'],
  ])('may be %s', (_, text) => {
    const { drafts } = readDraftFile('draft.yaml', text)
    expect(drafts).toMatchObject([{ name: 'A tenth off', benefit: { kind: 'percentOff', percent: 10 } }])
  })

  it('calls drafts by names of its own', () => {
    const { drafts } = readDraftFile(
      'draft.yaml',
      `
- { name: Welcome, trigger: { on: basket }, benefit: { kind: giveOffer, offer: next }, stacking: { combinesWith: [next, drinks] } }
- { id: next, name: Next visit, trigger: { on: grant }, benefit: { kind: percentOff, percent: 10 } }`,
    )
    expect(drafts[0]).toMatchObject({
      benefit: { offer: draftId(1) },
      stacking: { combinesWith: [draftId(1), 'drinks'] },
    })
  })

  it.each([
    ['name: A\ntrigger: { on: basket\n', /^draft\.yaml, line \d: Flow map/],
    [`${tenth}wen: order.subtotal > 5`, /^draft\.yaml, line 4: \/wen is not a known field; did you mean "when"\?$/],
    [`${tenth}when: order.totl > 5`, /^draft\.yaml, line 4: \/when .*order\.total/],
    [`offers:\n  - ${indented}\n    when: 'true'\n    limits: { uses: 0 }`, /line 6: \/offers\/0\/limits\/uses/],
    [
      `-   ${indented}\n-   name: B\n    trigger: { on: request }\n    benefit: { kind: freeShipping }`,
      /line 5: \/1\/trigger\/on/,
    ],
    [
      '- { name: A, trigger: { on: basket }, benefit: { kind: giveOffer, offer: nxt } }\n- { id: next, name: B }',
      /line 1: \/0\/benefit\/offer is "nxt", the id of no draft: the ids here are next$/,
    ],
    ['offers: []', /line 1: \/offers/],
    ['just words', /line 1: the file /],
  ])('with a mistake tells its line: %j', (text, message) => {
    expect(() => readDraftFile('some/where/draft.yaml', text)).toThrow(message)
  })

  it('tells every mistake at once', () => {
    expect(() => readDraftFile('draft.yaml', `${tenth}limits: { uses: 0, perPerson: 0 }`)).toThrow(
      /uses.*\n.*perPerson/,
    )
  })

  it('must hold what its drafts name, where orders come from a file', () => {
    const inTea = `${tenth}when: "order.lines.exists(item, inCollection(item.sku, 'tea'))"\n`
    const whole = (text: string) => () => checkWhole('draft.yaml', readDraftFile('draft.yaml', text))
    expect(whole(inTea)).toThrow('add its SKUs under collections: tea: […]')
    expect(whole(`offers:\n  - ${inTea.replaceAll('\n', '\n    ')}\ncollections: { tea: [GREEN] }`)).not.toThrow()
    const given = `off_${'0'.repeat(26)}`
    expect(whole(`name: A\ntrigger: { on: basket }\nbenefit: { kind: giveOffer, offer: ${given} }`)).toThrow(given)
  })
})
