// A state as a dot and a word: colour never stands alone.
import { tState } from '../words/index.ts';
import './parts.css';

const tones: Readonly<Record<string, string>> = {
  done: 'good',
  active: 'good',
  ok: 'good',
  resolved: 'good',
  booked: 'good',
  refused: 'bad',
  suspended: 'warn',
  booking: 'busy',
  parked: 'bad',
  broken: 'bad',
  failed: 'bad',
  open: 'bad',
  running: 'busy',
  queued: 'busy',
  waiting: 'warn',
  verifying: 'warn',
  pending: 'warn',
};

export const State = ({ state }: { readonly state: string }) => (
  <span className="cd-state" data-tone={tones[state] ?? 'rest'}>
    {tState(state)}
  </span>
);
