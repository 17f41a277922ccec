// What does the house ask of everybody who comes in?
import type { Db } from '../db/pool.ts';
import { readHouse } from '../house/store.ts';

export async function factorRequired(db: Db): Promise<boolean> {
  return (await readHouse<{ requireFactor?: boolean }>(db, 'people'))?.requireFactor === true;
}
