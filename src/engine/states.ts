// Which lives may a record live? One table, the same as the CHECK in migration 0001 and the picture in
// docs/concepts/record-states.md.

export const transitions = {
  /** Waits for a worker. */
  queued: ['running', 'skipped'],
  /** A worker holds it under a lease. */
  running: ['done', 'queued', 'waiting', 'verifying', 'pending', 'parked', 'skipped'],
  /** Will be tried again at `due_at`: the other side was slow, busy or asked us to wait. */
  waiting: ['queued', 'running', 'skipped'],
  /** A write was sent and its answer lost: it is looked up before anything is sent again. */
  verifying: ['queued', 'running', 'skipped'],
  /** Sent and accepted; waits until the other side itself shows the effect. */
  pending: ['queued', 'running', 'skipped'],
  /** A person must see it; its problem says what to do. */
  parked: ['queued', 'skipped'],
  /** The other side has it. A newer version, or a person, queues it again. */
  done: ['queued'],
  /** Deliberately not sent; the reason is on the record. */
  skipped: ['queued'],
} as const satisfies Record<string, readonly string[]>;

export type RecordState = keyof typeof transitions;

export function mayMove(from: RecordState, to: RecordState): boolean {
  return (transitions[from] as readonly RecordState[]).includes(to);
}
