// What may be done with lookups: save, remove, import, export, undo. Each act is noted with what was before, and records
// that waited for one of its rows go on by themselves.
import { writeAudit } from '../../audit/store.ts';
import { listConnections } from '../../connections/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { requeueRecords } from '../../engine/store.ts';
import { type CsvRow, compareLookups, lookupCsv, readLookupCsv, sameRow } from '../../mapping/lookup-csv.ts';
import { changeLookups, readLookupChanges, readLookupTable } from '../../mapping/store.ts';
import { curedByLookup, tellProblems } from '../../problems/desk/store.ts';
import type { LookupChange, LookupPreview, Operations } from '../operations.ts';
import { type OperateParts, refuse } from './parts.ts';

type Via = 'edit' | 'import' | 'undo' | 'set-up';
interface Wanted {
  readonly key: string;
  readonly after: CsvRow | null;
}

export function lookupOperations(
  parts: OperateParts,
): Pick<
  Operations,
  | 'saveLookup'
  | 'removeLookup'
  | 'previewLookups'
  | 'importLookups'
  | 'exportLookups'
  | 'lookupChanges'
  | 'undoLookupChange'
> {
  const { db, clock } = parts;

  async function act(
    table: { readonly connectionId: string; readonly name: string },
    rows: readonly Wanted[],
    actor: string,
    via: Via,
  ) {
    if (!(await listConnections(db)).some((one) => one.id === table.connectionId))
      throw refuse('CONNECTION_UNKNOWN', `There is no connection “${table.connectionId}”.`);
    const now = clock.now();
    const done = await inTransaction(db, async (tx) => {
      const changeId = await changeLookups(tx, table, rows, { actor, via, now });
      let retried = 0;
      for (const { key, after } of rows) {
        if (after === null) continue;
        const cured = await curedByLookup(tx, table.connectionId, table.name, key);
        if (cured.records.length === 0) continue;
        retried += await requeueRecords(tx, { ids: cured.records }, now, actor);
        await tellProblems(tx, cured.problems, {
          kind: 'cured',
          actor,
          at: now,
          detail: { by: 'lookup', lookup: table.name, key, value: after.value, count: cured.records.length },
        });
      }
      const [only] = rows;
      await writeAudit(tx, {
        at: now,
        actor,
        action: rows.length === 1 && only?.after === null ? 'lookup.removed' : `lookup.${wordOf[via]}`,
        subject: `lookup:${table.name}${rows.length === 1 ? `/${only!.key}` : ''}`,
        detail: {
          connection: table.connectionId,
          change: changeId,
          rows: rows.length,
          retried,
          ...(rows.length === 1 && only?.after
            ? { value: only.after.value, multiplier: only.after.multiplier }
            : {}),
        },
      });
      return { changeId, retried };
    });
    parts.wake();
    return done;
  }

  async function preview(
    connectionId: string,
    name: string,
    csv: string,
    replace: boolean,
  ): Promise<LookupPreview> {
    const { rows, faults } = readLookupCsv(csv);
    const compared = compareLookups(
      await readLookupTable(db, connectionId, name),
      rows,
      replace && faults.length === 0,
    );
    const named = (row: CsvRow) => ({ name, ...row });
    return {
      added: compared.added.map(named),
      changed: compared.changed.map(({ before, after }) => ({ before: named(before), after: named(after) })),
      removed: compared.removed.map(named),
      unchanged: compared.unchanged,
      faults,
    };
  }

  return {
    saveLookup: (connectionId, { name, ...row }, actor, via = 'edit') =>
      act({ connectionId, name }, [{ key: row.key, after: { multiplier: 1, note: '', ...row } }], actor, via),
    removeLookup: (connectionId, name, key, actor) =>
      act({ connectionId, name }, [{ key, after: null }], actor, 'edit'),
    previewLookups: preview,
    async importLookups(connectionId, name, csv, replace, actor) {
      const planned = await preview(connectionId, name, csv, replace);
      const [fault] = planned.faults;
      if (fault)
        throw refuse(
          'LOOKUP_FILE_REFUSED',
          `Line ${fault.line}: ${fault.reason}${planned.faults.length > 1 ? ` And ${planned.faults.length - 1} more.` : ''}`,
          ['Correct the named lines in the file, then import it again. Nothing was changed.'],
        );
      const rows: Wanted[] = [
        ...planned.added.map((row) => ({ key: row.key, after: plain(row) })),
        ...planned.changed.map(({ after }) => ({ key: after.key, after: plain(after) })),
        ...planned.removed.map((row) => ({ key: row.key, after: null })),
      ];
      return rows.length === 0
        ? { changeId: '0', retried: 0 }
        : act({ connectionId, name }, rows, actor, 'import');
    },
    exportLookups: async (connectionId, name) => lookupCsv(await readLookupTable(db, connectionId, name)),
    async lookupChanges(connectionId, name) {
      const acts = new Map<string, { rows: LookupChange['rows'][number][] } & Omit<LookupChange, 'rows'>>();
      for (const row of await readLookupChanges(db, connectionId, { name })) {
        const changeId = row.changeId.toString();
        const one = acts.get(changeId) ?? {
          changeId,
          at: row.at.toISOString(),
          by: row.by,
          via: row.via,
          rows: [],
        };
        one.rows.push({
          key: row.key,
          before: row.before && { name, ...row.before },
          after: row.after && { name, ...row.after },
        });
        acts.set(changeId, one);
      }
      return [...acts.values()];
    },
    async undoLookupChange(connectionId, changeId, actor) {
      const rows = await readLookupChanges(db, connectionId, { changeId });
      const [first] = rows;
      if (!first)
        throw refuse('CHANGE_UNKNOWN', 'There is no such change of this connection.', ['Reload the page.']);
      const now = new Map((await readLookupTable(db, connectionId, first.name)).map((row) => [row.key, row]));
      const moved = rows.find(({ key, after }) => {
        const row = now.get(key);
        return after === null ? row !== undefined : row === undefined || !sameRow(row, after);
      });
      if (moved)
        throw refuse(
          'CHANGE_OVERTAKEN',
          `The row “${moved.key}” was changed again since; undoing would lose that.`,
          ['Look at the history, and change the row itself.'],
        );
      return act(
        { connectionId, name: first.name },
        rows.map(({ key, before }) => ({ key, after: before })),
        actor,
        'undo',
      );
    },
  };
}

const wordOf: Readonly<Record<Via, string>> = {
  edit: 'saved',
  import: 'imported',
  undo: 'undone',
  'set-up': 'saved',
};

const plain = (row: { key: string; value: string; multiplier?: number; note?: string }): CsvRow => ({
  key: row.key,
  value: row.value,
  multiplier: row.multiplier ?? 1,
  note: row.note ?? '',
});
