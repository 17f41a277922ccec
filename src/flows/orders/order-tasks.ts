// What does the orders flow do by itself, and how often? The list; each task has a file of its own.
import type { FlowTask } from '../flow.ts';
import { autoBill } from './auto-bill.ts';
import { checkTotals } from './check-totals.ts';
import { findDeleted } from './find-deleted.ts';
import { reconcileOrders } from './reconcile-orders.ts';
import type { OrdersSettings } from './settings.ts';
import { readHints, resweep, sweep } from './sweep-orders.ts';

const daySeconds = 86_400;

export function orderTasks(settings: OrdersSettings): readonly FlowTask<OrdersSettings>[] {
  return [
    {
      name: 'sweep',
      title: 'Search changed orders',
      everySeconds: settings.sweepEverySeconds,
      firstAfterSeconds: 0,
      run: (flow, request) => sweep(flow, 'sweep', request),
    },
    { name: 'hints', title: 'Read notices', everySeconds: 5, firstAfterSeconds: 0, run: readHints },
    {
      name: 'resweep-48h',
      title: 'Search the last 48 hours again',
      everySeconds: daySeconds,
      firstAfterSeconds: daySeconds,
      run: (flow, request) => resweep(flow, 'resweep-48h', 48, request),
    },
    {
      name: 'resweep-30d',
      title: 'Search the last 30 days again',
      everySeconds: 7 * daySeconds,
      firstAfterSeconds: 7 * daySeconds,
      run: (flow, request) => resweep(flow, 'resweep-30d', 720, request),
    },
    {
      name: 'reconcile',
      title: 'Count orders against the marketplace’s report',
      everySeconds: daySeconds,
      firstAfterSeconds: daySeconds / 2,
      run: reconcileOrders,
    },
    {
      name: 'missing-in-erp',
      title: 'Look for documents deleted in the ERP',
      everySeconds: daySeconds,
      firstAfterSeconds: daySeconds / 2,
      run: findDeleted,
    },
    {
      name: 'totals-in-erp',
      title: 'Compare totals with the ERP',
      everySeconds: 900,
      firstAfterSeconds: 900,
      run: checkTotals,
    },
    ...(settings.autoBill === 'off'
      ? []
      : [
          {
            name: 'auto-bill',
            title: 'Bill fulfilled orders',
            everySeconds: 300,
            firstAfterSeconds: 60,
            run: autoBill,
          },
        ]),
  ];
}
