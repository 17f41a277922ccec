// The simulated Amazon as a process of its own: `node sim/sp-api/main.ts --help` lists its options.
import { parseArgs } from 'node:util';
import { stopOnSignals } from '../http.ts';
import { startAmazon } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    seed: { type: 'string' },
    scale: { type: 'string' },
    origin: { type: 'string' },
    quotas: { type: 'string' },
    'orders-per-minute': { type: 'string' },
    'latency-ms': { type: 'string' },
    'report-seconds': { type: 'string' },
    'no-pii-role': { type: 'boolean' },
    signed: { type: 'boolean' },
    unsubscribed: { type: 'boolean' },
    'with-parent': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(
    'Options: --port N --data DIR --seed S --scale N --origin MS --quotas real|lifted --orders-per-minute N --latency-ms N --report-seconds N --no-pii-role --signed --unsubscribed --with-parent (ends with the process that started it)',
  );
  process.exit(0);
}
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const wanted = {
  port: number(values.port),
  data: values.data,
  seed: values.seed,
  scale: number(values.scale),
  origin: number(values.origin),
  quotas: values.quotas === 'lifted' ? 'lifted' : 'real',
  ordersPerMinute: number(values['orders-per-minute']),
  latencyMs: number(values['latency-ms']),
  reportSeconds: number(values['report-seconds']),
  personalRole: !values['no-pii-role'],
  signed: values.signed ?? false,
  subscribed: !values.unsubscribed,
} as const;
const simulator = await startAmazon(
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
);
stopOnSignals(() => simulator.close(), values['with-parent'] === true);
console.log(
  JSON.stringify({
    ready: true,
    url: simulator.url,
    queueUrl: simulator.queueUrl,
    queueArn: simulator.queueArn,
    applicationId: simulator.applicationId,
    ...simulator.credentials,
  }),
);
