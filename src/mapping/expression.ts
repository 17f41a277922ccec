// What may an owner write as a condition or a value? CEL: it terminates by construction (docs/decisions/0007).
import { Environment } from '@marcbachmann/cel-js';
import { RecordError } from '../core/errors.ts';

/** Bounds on the size of an expression; nested comprehensions over lists are what makes CEL slow. */
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: { maxAstNodes: 400, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 12 },
});

type Compiled = (facts: Record<string, unknown>) => unknown;
const compiled = new Map<string, Compiled>();

/** The text that an expression yields for these facts, or null when it yields nothing. */
export function evaluate(
  expression: string,
  facts: Readonly<Record<string, unknown>>,
  field: string,
): string | null {
  try {
    const value = compile(expression)(facts as Record<string, unknown>);
    if (value === null || value === undefined) return null;
    if (typeof value === 'object')
      throw new TypeError('the result is a list or a map, not a text or a number');
    return String(value);
  } catch (cause) {
    throw new RecordError('EXPRESSION_FAILED', `The expression for ${field} failed: ${plain(cause)}.`, {
      field,
      nextSteps: [`Correct the expression “${expression}” under Flows → Mapping → ${field}.`],
      facts: { expression, cause: expression },
      cause,
    });
  }
}

/** Says why an expression cannot be used, or undefined when it can. */
export function expressionFault(expression: string): ExpressionFault | undefined {
  try {
    compile(expression);
    const checked = environment.check(expression);
    return checked.valid ? undefined : faultOf(checked.error, expression);
  } catch (cause) {
    return faultOf(cause, expression);
  }
}

/** What is wrong, and where: offsets into the text, for marking the place. */
export interface ExpressionFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

function faultOf(cause: unknown, expression: string): ExpressionFault {
  const range = (cause as { range?: { start?: number; end?: number } } | undefined)?.range;
  const start = Math.min(range?.start ?? 0, expression.length);
  return { message: plain(cause), start, end: Math.max(start, range?.end ?? expression.length) };
}

function compile(expression: string): Compiled {
  const known = compiled.get(expression);
  if (known) return known;
  // CEL bounds nesting by its limits; three comprehensions inside one another are refused before they can run.
  if ((expression.match(/\.(map|filter|all|exists|exists_one)\(/g) ?? []).length > 2)
    throw new TypeError('more than two list operations in one expression are not allowed');
  const parsed = environment.parse(expression) as unknown as Compiled;
  if (compiled.size > 2_000) compiled.clear();
  compiled.set(expression, parsed);
  return parsed;
}

function plain(cause: unknown): string {
  return (
    (cause instanceof Error ? cause.message.split('\n')[0] : String(cause))?.replace(/\.$/, '') ??
    'unknown reason'
  );
}
