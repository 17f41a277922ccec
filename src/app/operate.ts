// What people and programs ask of a running Crossdock, done: each operation checks, acts in one transaction, and writes
// its audit line. The API and the CLI know only operations.ts; each subject has its file in operations/.
import { alertOperations } from './operations/alerts.ts';
import { connectionOperations } from './operations/connections.ts';
import { editOperations } from './operations/edits.ts';
import { flowOperations } from './operations/flows.ts';
import { goLiveOperations } from './operations/go-live.ts';
import { lookupOperations } from './operations/lookups.ts';
import { mappingOperations } from './operations/mappings.ts';
import type { OperateParts } from './operations/parts.ts';
import { problemOperations } from './operations/problems.ts';
import { recordOperations } from './operations/records.ts';
import { settlementProofOperations } from './operations/settlement-proofs.ts';
import { settlementOperations } from './operations/settlements.ts';
import { setupOperations } from './operations/setup.ts';
import type { Operations } from './operations.ts';

export function makeOperations(parts: OperateParts): Operations {
  const daily = {
    ...recordOperations(parts),
    ...connectionOperations(parts),
    ...flowOperations(parts),
    ...mappingOperations(parts),
    ...lookupOperations(parts),
    ...problemOperations(parts),
    ...editOperations(parts),
    ...alertOperations(parts),
    ...settlementOperations(parts),
    ...settlementProofOperations(parts),
  };
  return { ...daily, ...setupOperations(parts, daily), ...goLiveOperations(parts, daily) };
}
