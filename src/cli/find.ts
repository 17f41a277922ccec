// Which thing is meant? People name a record by its order id and a flow by its kind.
import type { Flow } from '../api/contract/flows.ts';
import type { RecordRow } from '../api/contract/records.ts';
import { Failure, misused } from './failure.ts';
import { query, type Talk } from './talk.ts';

/** A record by its number, or by the order id when it is only in one flow (the order's own is preferred). */
export async function findRecord(talk: Talk, named: string): Promise<string> {
  if (/^\d+$/.test(named)) return named;
  const { items } = await talk.get<{ items: RecordRow[] }>(query('/records', { q: named, limit: 50 }));
  const exact = items.filter((row) =>
    [row.key, row.remoteId, row.remoteNumber, row.externalId].includes(named),
  );
  const found = exact.find((row) => row.flowId.endsWith('orders.import')) ?? exact[0] ?? items[0];
  if (!found)
    throw new Failure('RECORD_UNKNOWN', `No record goes by “${named}”.`, [
      `Search with: crossdock records list --q ${named}`,
    ]);
  return found.id;
}

/** A flow by its id, or by its kind when there is one of it; without a name the one that imports orders. */
export async function findFlow(talk: Talk, named: string | undefined): Promise<Flow> {
  const { items } = await talk.get<{ items: Flow[] }>('/flows');
  const exact = items.find((flow) => flow.id === named);
  if (exact) return exact;
  const kind = named ?? 'orders.import';
  const ofKind = items.filter((flow) => flow.kind === kind);
  if (ofKind.length === 1) return ofKind[0]!;
  if (ofKind.length > 1)
    throw misused(`Several flows are of the kind “${kind}”.`, [
      `Name one of: ${ofKind.map((flow) => flow.id).join(', ')}`,
    ]);
  throw new Failure('FLOW_UNKNOWN', `There is no flow “${kind}”.`, [
    items.length > 0
      ? `Name one of: ${items.map((flow) => flow.id).join(', ')}`
      : 'Make one in the console, or with: crossdock config apply',
  ]);
}

export function readNumber(text: unknown, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw misused(`--${name} takes a whole number above zero; “${String(text)}” is none.`);
  return value;
}
