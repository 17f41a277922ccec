// Which orders must ship soon and have not? One standing warning that renews itself and closes when all have left
// (features.md #50): late shipments cost the account its health.
import { RecordError } from '../../core/errors.ts';
import type { OpenFlow, TaskResult } from '../flow.ts';
import type { ShipmentsSettings } from './settings.ts';

const hourMs = 3_600_000;
/** Orders named in the warning; the list of records has them all. */
const namedMax = 20;

export async function warnOfLateShipments(flow: OpenFlow<ShipmentsSettings>): Promise<TaskResult> {
  const now = flow.clock.now();
  const hours = flow.settings.lateRiskHours;
  const due = await flow.journal.dueToShip(new Date(now.getTime() + hours * hourMs));
  const late = due.filter((order) => order.shipBy < now);
  await flow.journal.standing('LATE_SHIPMENT_RISK', due.length === 0 ? undefined : warning(due, late, hours));
  return {
    counts: {
      ...(due.length > 0 ? { due: due.length } : {}),
      ...(late.length > 0 ? { late: late.length } : {}),
    },
  };
}

type Due = Awaited<ReturnType<OpenFlow['journal']['dueToShip']>>;

function warning(due: Due, late: Due, hours: number): RecordError {
  const first = due[0]!;
  return new RecordError(
    'LATE_SHIPMENT_RISK',
    `${due.length} order(s) must ship within ${hours} hours and are not confirmed yet${
      late.length > 0 ? `; ${late.length} of them are late` : ''
    }. The first is ${first.key}, due ${first.shipBy.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    {
      nextSteps: [
        'Ship them first; the list of records shows them under “at risk”.',
        'Where one was shipped already, enter its fulfilment and tracking number in the ERP.',
      ],
      facts: {
        orders: due
          .slice(0, namedMax)
          .map((order) => ({ order: order.key, shipBy: order.shipBy.toISOString() })),
        cause: 'late-risk',
      },
    },
  );
}
