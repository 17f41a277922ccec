// What is said after an act on a lookup, with the way to take it back?
import type { LookupDone } from '../../../src/api/contract/connections.ts';
import { call, queries } from '../../api.ts';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../words/index.ts';

/** Says what was done, and how many records went on; “Undo” takes the whole act back. */
export function told(base: string, text: string, { changeId, retried }: LookupDone): void {
  toast(retried > 0 ? `${text} ${t('lookups.wentOn', { count: retried })}` : text, async () => {
    await call('POST', `${base}/lookup-changes/${changeId}/undo`);
    await queries.invalidateQueries();
    toast(t('lookups.undone'));
  });
}
