// Have they come through? Looks at records again and again until each has come to rest.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordDetail } from '../api/contract/records.ts';
import type { Talk } from './talk.ts';

const resting = new Set(['done', 'parked', 'skipped', 'pending']);
const lookEveryMs = 500;

/** Shows a bar while it waits; ends with the state of each. A parked one makes the command fail. */
export async function waitForRecords(
  talk: Talk,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly key: string; readonly state: string }[]> {
  const bar = talk.progress('coming through', ids.length);
  const ended = new Map<string, { id: string; key: string; state: string }>();
  while (ended.size < ids.length) {
    for (const id of ids) {
      if (ended.has(id)) continue;
      const { record } = await talk.get<RecordDetail>(`/records/${id}`);
      if (!resting.has(record.state)) continue;
      ended.set(id, { id, key: record.key, state: record.state });
      bar.step();
    }
    if (ended.size < ids.length) await sleep(lookEveryMs);
  }
  bar.end();
  if ([...ended.values()].some((one) => one.state === 'parked')) talk.fail();
  return ids.map((id) => ended.get(id)!);
}
