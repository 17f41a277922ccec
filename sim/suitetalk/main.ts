// The simulated NetSuite as a process of its own: `node sim/netsuite/main.ts --help` lists its options.
import { parseArgs } from 'node:util';
import { stopOnSignals } from '../http.ts';
import { startNetSuite } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' }, data: { type: 'string' }, seed: { type: 'string' }, scale: { type: 'string' }, origin: { type: 'string' }, concurrency: { type: 'string' },
    'latency-ms': { type: 'string' }, suitetax: { type: 'string' }, 'warehouse-after-seconds': { type: 'string' }, help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log('Options: --port N --data DIR --seed S --scale N --origin MS --concurrency N --latency-ms N --suitetax true|false --warehouse-after-seconds N');
  process.exit(0);
}
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const wanted = {
  port: number(values.port), data: values.data, seed: values.seed, scale: number(values.scale), origin: number(values.origin), concurrency: number(values.concurrency), latencyMs: number(values['latency-ms']),
  suiteTax: values.suitetax === 'true', warehouseAfterSeconds: number(values['warehouse-after-seconds']),
};
const simulator = await startNetSuite(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
stopOnSignals(() => simulator.close());
console.log(JSON.stringify({ ready: true, url: simulator.url, accountId: simulator.accounts.accountId, clientId: simulator.accounts.clientId, tba: simulator.accounts.tba }));
