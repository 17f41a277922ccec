// Who holds this data folder? Two programs on one folder would both start a database and a demo world: the second is
// told who is there, and does nothing.
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../cli/failure.ts';

export interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly url?: string;
}

/** Takes the folder or returns who has it. A holder that no longer runs is replaced. */
export function lockFolder(
  dataDir: string,
  startedAt: Date,
):
  | { readonly held: false; release(): void; tell(url: string): void }
  | { readonly held: true; readonly by: Holder } {
  const file = join(dataDir, 'running.json');
  const mine: Holder = { pid: process.pid, startedAt: startedAt.toISOString() };
  // Written beside and then linked: whoever looks sees the whole file or none.
  const beside = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(beside, JSON.stringify(mine), { mode: 0o600 });
    for (;;) {
      try {
        linkSync(beside, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = readHolder(file);
        if (holder && isRunning(holder.pid)) return { held: true, by: holder };
        rmSync(file, { force: true });
      }
    }
  } catch (error) {
    throw unwritable(dataDir, error as NodeJS.ErrnoException);
  } finally {
    if (existsSync(beside)) rmSync(beside);
  }
  return {
    held: false,
    tell: (url) => writeFileSync(file, JSON.stringify({ ...mine, url }), { mode: 0o600 }),
    release: () => rmSync(file, { force: true }),
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'there is a file in its place',
  EEXIST: 'there is a file in its place',
};

function unwritable(dataDir: string, error: NodeJS.ErrnoException): Error {
  return new Failure(
    'FOLDER_UNWRITABLE',
    `The data folder ${dataDir} cannot be used: ${reasons[error.code ?? ''] ?? error.message}.`,
    ['Name another folder with --data, or give this user the right to write there.'],
  );
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Signal 0 only asks; the program must also be a Node, since numbers are used again after a restart of the machine. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts');
  } catch {
    return process.platform !== 'linux';
  }
}
