import type { Ast } from './cel.ts'
import type { Expression } from './expression.ts'
import { historyFunctions } from './history.ts'

/** Maps that the caller fills, where anything may be missing or of another type. */
const freeForm = ['attributes', 'traits', 'properties', 'computed']
const functions = ['between', 'inCollection', 'inSegment', 'consented', 'size', ...Object.keys(historyFunctions)]
const methods = ['contains', 'endsWith', 'startsWith', 'size', 'exists', 'exists_one', 'all']

const isSafe = (node: Ast): boolean => {
  switch (node.op) {
    case 'value':
    case 'id':
      return true
    case '.':
      return !freeForm.includes(node.args[1]) && isSafe(node.args[0])
    case '!_':
      return isSafe(node.args)
    case '&&':
    case '||':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
    case 'list':
      return node.args.every(isSafe)
    case 'call':
      return functions.includes(node.args[0]) && node.args[1].every(isSafe)
    case 'rcall':
      return methods.includes(node.args[0]) && isSafe(node.args[1]) && node.args[2].every(isSafe)
    default:
      return false
  }
}

/**
 * Whether an expression has an answer for all facts, because it only compares what is always there. Arithmetic may overflow,
 * and what the caller says of a person or a line may be missing: there the answer is no, also where a `has(…)` sees to it.
 *
 *     cannotFail(expression)   // true for "line.sku == 'LATTE'", false for "line.attributes.color == 'red'"
 */
export const cannotFail = ({ ast }: Expression): boolean => isSafe(ast)
