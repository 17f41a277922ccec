// Which lines of a document must change, so that it says what the order says now? Pure: lines are matched by the
// marketplace's line id that they carry, never by position.
import { formatMoney, parseMoney } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { DocumentChange, DocumentDraft, DocumentLineState } from '../../erp/erp.ts';

export interface Amendment {
  readonly change: DocumentChange;
  /** Amounts, quantities or the set of lines differ, not just ids. */
  readonly money: boolean;
}

/** `renamed`: line ids that a report gave and the order-item ids they turned out to be. */
export function amendmentOf(
  draft: DocumentDraft,
  lines: readonly DocumentLineState[],
  renamed: ReadonlyMap<string, string> = new Map(),
): Amendment {
  const wanted = new Map(draft.lines.map((line) => [line.key, line]));
  const changed: NonNullable<DocumentChange['lines']>[number][] = [];
  const closed: number[] = [];
  const met = new Set<string>();
  let money = false;
  for (const line of lines) {
    const carried = line.channelLineId;
    if (carried === undefined) continue;
    const key = renamedKey(carried, renamed);
    const want = wanted.get(key);
    if (want === undefined) {
      if (line.closed) continue;
      closed.push(line.line);
      money = true;
      continue;
    }
    met.add(key);
    const amount = line.amount === '' ? undefined : parseMoney(line.amount, draft.currency);
    const differs =
      !line.closed &&
      (amount?.minor !== want.amount.minor || (want.role === 'item' && line.quantity !== want.quantity));
    if (!differs && key === carried) continue;
    money ||= differs;
    changed.push({
      line: line.line,
      ...(differs
        ? {
            amount: want.amount,
            rate: want.rate,
            ...(want.role === 'item' ? { quantity: want.quantity } : {}),
          }
        : {}),
      ...(key === carried ? {} : { custom: { lineId: key } }),
    });
  }
  const added = draft.lines.filter((line) => !met.has(line.key));
  return {
    change: {
      ...(changed.length > 0 ? { lines: changed } : {}),
      ...(added.length > 0 ? { added } : {}),
      ...(closed.length > 0 ? { closed } : {}),
    },
    money: money || added.length > 0,
  };
}

function renamedKey(key: string, renamed: ReadonlyMap<string, string>): string {
  for (const [from, to] of renamed)
    if (key === from || key.startsWith(`${from}:`)) return to + key.slice(from.length);
  return key;
}

/** Which order item each report line is: the same SKU and quantity, in the order they stand. */
export function renamedLines(
  reported: Readonly<Record<string, string>>,
  quantities: Readonly<Record<string, number>>,
  order: Order,
): ReadonlyMap<string, string> {
  const open = [...order.lines];
  const renamed = new Map<string, string>();
  for (const [id, sku] of Object.entries(reported)) {
    const exact = open.findIndex((line) => line.sku === sku && line.quantity === quantities[id]);
    const at = exact >= 0 ? exact : open.findIndex((line) => line.sku === sku);
    if (at < 0) continue;
    renamed.set(id, open[at]!.id);
    open.splice(at, 1);
  }
  return renamed;
}

/** What would change, in words for a person. */
export function amendmentWords({ change }: Amendment): readonly string[] {
  return [
    ...(change.lines ?? []).flatMap((line) =>
      line.amount === undefined
        ? []
        : [
            `line ${line.line} → ${line.quantity === undefined ? '' : `${line.quantity} × `}${formatMoney(line.amount)}`,
          ],
    ),
    ...(change.added ?? []).map(
      (line) => `new line ${line.description ?? line.key} ${formatMoney(line.amount)}`,
    ),
    ...(change.closed ?? []).map((line) => `line ${line} closed`),
  ];
}
