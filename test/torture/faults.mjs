import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Faults that the harness must see, planted in a copy of the compiled program: in `file`, `from` becomes `to`.
 *
 * @type {Record<string, readonly { file: string, from: string | RegExp, to: string }[]>}
 */
const faults = {
  // Uses, persons, codes and budgets are never full.
  'no-limit-check': [
    {
      file: 'core/orders/limits.js',
      from: 'export const limitReached = (terms, usage, amount, place) => {',
      to: 'export const limitReached = () => undefined\nconst neverAsked = (terms, usage, amount, place) => {',
    },
  ],
  // A success is not remembered under its key.
  'no-idempotency-record': [
    {
      file: 'server/commit/writer.js',
      from: 'world.changes.newAnswers.set(idempotency.keyHash, answer)',
      to: 'void answer',
    },
  ],
  // The answer goes out while the batch has not even been written.
  'answer-before-commit': [
    {
      file: 'server/commit/writer.js',
      from: 'await save(tx, world);',
      to: 'early({ outcomes, world, whole }); await save(tx, world);',
    },
    {
      file: 'server/commit/writer.js',
      from: 'options.database.transaction((tx) => attempt(options, people, tx, items))',
      to: 'new Promise((resolve, reject) => options.database.transaction(tx => attempt(options, people, tx, items, resolve)).then(resolve, reject))',
    },
    {
      file: 'server/commit/writer.js',
      from: 'const attempt = async (options, people, tx, items) => {',
      to: 'const attempt = async (options, people, tx, items, early) => {',
    },
  ],
  // Each connection locks rows in an order of its own, and slowly, so that two meet in the middle.
  'unsorted-locks': [
    {
      file: 'server/commit/lock.js',
      from: 'const sorted = [...ids].sort();',
      to: 'const sorted = [...ids].sort(() => Math.random() - 0.5);',
    },
    {
      file: 'server/commit/lock.js',
      from: /(\{by\}\) t)/,
      to: '$1 cross join lateral (select pg_sleep(0.002 + 0 * t.number)) slowly',
    },
    {
      file: 'server/commit/lock.js',
      from: '[...world.counters.keys()].sort()',
      to: '[...world.counters.keys()].sort(() => Math.random() - 0.5)',
    },
    {
      file: 'server/commit/lock.js',
      from: 'and bucket = k.b for update) c',
      to: 'and bucket = k.b for update) c cross join lateral (select pg_sleep(0.002 + 0 * c.used)) slowly',
    },
  ],
  // What another process counts meanwhile is not waited for, but overwritten.
  'unlocked-counters': [
    {
      file: 'server/commit/lock.js',
      from: 'and bucket = k.b for update) c',
      to: 'and bucket = k.b) c cross join lateral (select pg_sleep(0.002 + 0 * c.used)) slowly',
    },
  ],
  // There is always another gift.
  'no-stock-check': [
    { file: 'core/offers/kinds/free-item.js', from: 'basket.stock(sku) >= quantity', to: 'quantity > 0' },
  ],
  // What is back already may come back again.
  'unit-returned-twice': [
    {
      file: 'core/loop/return-order.js',
      from: 'const back = unitsBack(order.returned ?? nothingBack, id);',
      to: 'const back = new Set();',
    },
  ],
  // A return that is asked for again is another one.
  'return-not-idempotent': [
    {
      file: 'core/loop/return-order.js',
      from: 'const before = world.returns.get(pairKey(order.id, body.id));',
      to: 'const before = undefined;',
    },
    {
      file: 'server/commit/save.js',
      from: 'insertSql("returns", returnColumns, { schema_version: "1" })',
      to: "insertSql('returns', returnColumns, { schema_version: '1' }) + ' on conflict (workspace_id, order_id, id) do update set seq = excluded.seq, refund = excluded.refund, answer = excluded.answer'",
    },
  ],
  // A component is worked out without the words of clerks.
  'merge-forgets-a-link': [
    {
      file: 'core/loop/link.js',
      from: /(for \(const key of world\.linksOf\.get\(id\) \?\? \[\]\) \{\s*const link = world\.links\.get\(key\);\s*if \(link\.verified)/,
      to: "$1 && link.source !== 'clerk'",
    },
  ],
  // Who is linked was read before the locks, slowly, and is not read again: what another process did to her meanwhile is overwritten.
  'merge-without-lock': [
    {
      file: 'server/commit/lock.js',
      from: 'return catalogue.rows',
      to: "if (world.linked.size > 0) await tx.query('select pg_sleep(0.01)', [], 'slowly')\n    return catalogue.rows",
    },
    {
      file: 'server/commit/lock.js',
      from: /\[\s*orders,\s*holders,\s*accounts,\s*cards,\s*packs\s*\]\.every\(\(it\) => it\.rows\.length === 0\)/,
      to: '[orders, accounts, cards].every(it => it.rows.length === 0) && holders.rows.every(row => world.linked.has(row.id))',
    },
  ],
  // Of a person's uses only those of the holder that buys count.
  'limit-counts-one-holder': [
    {
      file: 'core/loop/candidates.js',
      from: 'const ofPerson = holders.flatMap(',
      to: 'const ofPerson = holders.slice(0, 1).flatMap(',
    },
  ],
  // Segments are not asked when an order changes.
  'segment-not-followed': [
    { file: 'core/loop/settle.js', from: 'wants(each);', to: "if (each !== 'orders') wants(each);" },
  ],
  // What was said last about a consent counts, whenever it was.
  'late-consent-counts': [
    { file: 'core/consent/consent.js', from: 'counting(states[key], [state, at])', to: '[state, at]' },
  ],
  // Who spends is not asked whether she has it.
  'no-floor-check': [
    { file: 'core/ledger/book.js', from: 'mustFit(book, kind, legs);', to: '' },
    {
      file: 'core/ledger/lots.js',
      from: 'const part = Math.min(rest, lot.remaining);',
      to: 'const part = rest;',
    },
  ],
  // What is spent of a lot stays in it.
  'lot-not-updated': [
    {
      file: 'core/ledger/book.js',
      from: 'lot.remaining += leg.amount;',
      to: 'if (leg.amount > 0) lot.remaining += leg.amount;',
    },
  ],
  // Nobody knows that a hold has ended: it can end again.
  'hold-not-ended': [
    { file: 'core/ledger/book.js', from: 'mustBeOpen(book, endsHold);', to: '' },
    { file: 'core/ledger/book.js', from: 'endsHold: endsHold ?? null', to: 'endsHold: null' },
  ],
  // What another process has booked meanwhile is overwritten.
  'accounts-overwritten': [
    {
      file: 'server/commit/lock.js',
      from: /\[\s*orders,\s*holders,\s*accounts,\s*cards,\s*packs\s*\]\.every\(/,
      to: '[orders, holders, cards].every(',
    },
    {
      file: 'server/commit/save.js',
      from: ' and t.revision = u.revision - 1',
      to: '',
    },
  ],
  // An order that comes back goes on counting.
  'return-not-counted': [
    { file: 'core/loop/return-order.js', from: 'countOrder(world, order, -1);', to: 'void order;' },
  ],
}

export const faultNames = Object.keys(faults)

/**
 * Copies the compiled program to a folder of its own, so that a build meanwhile disturbs nothing, and plants the fault if one is
 * named. Throws where the code to change is not found: a fault that is not there would prove nothing.
 *
 *     const program = copyProgram('no-limit-check')   // { folder: '/tmp/tessera-torture-program-x', remove }
 *
 * @param {string} [fault]
 */
export const copyProgram = fault => {
  const changes = fault === undefined ? [] : faults[fault]
  if (!changes) throw new Error(`there is no fault ${fault}; there are ${faultNames.join(', ')}`)
  const folder = mkdtempSync(join(tmpdir(), 'tessera-torture-program-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, from, to } of changes) {
    const path = join(folder, 'dist', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(from).length === 1) {
      remove()
      throw new Error(`the fault ${fault} cannot be planted: dist/${file} does not have ${from}`)
    }
    writeFileSync(path, text.replace(from, to))
  }
  return { folder, remove }
}
