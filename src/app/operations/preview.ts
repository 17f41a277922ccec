// What would a change of settings, lookups or overrides do to orders already here? Both ways are mapped and compared.
import { asSyncError } from '../../core/errors.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import type { OrderContext } from '../../flows/orders/document-context.ts';
import { contextFor } from '../../flows/orders/order-context.ts';
import { orderToDocument } from '../../flows/orders/order-to-document.ts';
import { type OrdersSettings, ordersSettings } from '../../flows/orders/settings.ts';
import { plainDraft, plainProblem } from '../dry-run.ts';
import type { ChangePreview, MappingChange } from '../operations.ts';
import { parse } from '../sessions.ts';
import { assertOverride } from './overrides.ts';

/** The same flow as it would be after a change that is not saved. */
export async function withChange(
  flow: OpenFlow<OrdersSettings>,
  change: MappingChange,
): Promise<OpenFlow<OrdersSettings>> {
  for (const override of change.overrides ?? []) assertOverride(override);
  const settings =
    change.settings === undefined ? flow.settings : parse(ordersSettings, change.settings, 'settings');
  const lookups = new Map([...(await flow.lookups())].map(([name, table]) => [name, new Map(table)]));
  for (const row of change.lookups ?? []) {
    const table = lookups.get(row.name) ?? new Map<string, { value: string; multiplier: number }>();
    table.set(row.key, { value: row.value, multiplier: row.multiplier ?? 1 });
    lookups.set(row.name, table);
  }
  const replaced = new Set([
    ...(change.overrides ?? []).map((override) => override.field),
    ...(change.removed ?? []),
  ]);
  const overrides = [
    ...(await flow.overrides()).filter((override) => !replaced.has(override.field)),
    ...(change.overrides ?? []).map((override) => ({
      ...override,
      id: '0',
      by: 'preview',
      at: flow.clock.now(),
    })),
  ];
  return { ...flow, settings, lookups: async () => lookups, overrides: async () => overrides };
}

interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly raw: unknown;
}

export async function comparePlans(
  before: OpenFlow<OrdersSettings>,
  after: OpenFlow<OrdersSettings>,
  candidates: readonly Candidate[],
): Promise<ChangePreview> {
  const orders = candidates.map((candidate) => ({
    candidate,
    order: before.channel.orders!.toOrder(candidate.raw),
  }));
  const [contextBefore, contextAfter] = [
    await contextFor(
      before,
      orders.map(({ order }) => order),
      { dry: true },
    ),
    await contextFor(
      after,
      orders.map(({ order }) => order),
      { dry: true },
    ),
  ];
  const changed: ChangePreview['changed'][number][] = [];
  for (const { candidate, order } of orders) {
    const outcome = async (contextOf: (of: typeof order) => Promise<OrderContext>) => {
      try {
        return { draft: plainDraft(orderToDocument(order, await contextOf(order)).draft) };
      } catch (thrown) {
        return { draft: {}, problem: plainProblem(asSyncError(thrown)) };
      }
    };
    const [was, would] = [await outcome(contextBefore), await outcome(contextAfter)];
    const differences = differencesOf(was.draft, would.draft);
    if (differences.length > 0 || (would.problem && !was.problem))
      changed.push({
        recordId: candidate.id,
        channelOrderId: candidate.key,
        differences,
        ...(would.problem ? { problem: would.problem } : {}),
      });
  }
  return { compared: orders.length, changed };
}

/** Leaf values that differ, by path; addresses are compared but not shown. */
export function differencesOf(
  before: unknown,
  after: unknown,
  path = '',
): { path: string; before: unknown; after: unknown }[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const nested = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (!nested(before) || !nested(after) || path === 'shipTo')
    return [
      path === 'shipTo'
        ? { path, before: '[address]', after: '[address]' }
        : { path, before: before ?? null, after: after ?? null },
    ];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    differencesOf(
      before[name],
      after[name],
      Array.isArray(before) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`,
    ),
  );
}
