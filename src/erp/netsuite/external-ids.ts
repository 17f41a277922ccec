// Which characters may an external id have? Letters, digits, `_` and `-`; others are replaced and a hash keeps it unique.
import { createHash } from 'node:crypto';

export function externalId(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9_-]/g, '-');
  return clean === text ? text : `${clean}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
