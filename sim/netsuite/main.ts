// How is the simulated NetSuite account started? `node sim/netsuite/main.ts --help` lists the options; when it listens
// it prints one line of JSON with everything needed to connect.
import { parseArgs } from 'node:util';
import { stopOnSignals } from '../http.ts';
import { type NetSuiteOptions, startNetSuite } from './server.ts';

const options = {
  port: { type: 'string', default: '0' },
  data: { type: 'string' },
  seed: { type: 'string', default: '1' },
  scale: { type: 'string', default: '1' },
  origin: { type: 'string' },
  'account-id': { type: 'string', default: 'SIM1234567' },
  suitetax: { type: 'string', default: 'true' },
  'time-zone': { type: 'string', default: 'America/Los_Angeles' },
  'session-time-zone': { type: 'string' },
  concurrency: { type: 'string', default: '15' },
  'foreign-slots': { type: 'string', default: '0' },
  'latency-ms': { type: 'string', default: '0' },
  'suiteql-lag-ms': { type: 'string', default: '0' },
  'warehouse-after-seconds': { type: 'string' },
  'negative-stock': { type: 'string', default: 'true' },
  'fulfil-on-commitment': { type: 'string', default: 'true' },
  'with-parent': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const { values } = parseArgs({ options });
if (values.help) {
  console.log(
    `Options: ${Object.entries(options)
      .map(([name, option]) => `--${name}${'default' in option ? ` (${option.default})` : ''}`)
      .join(', ')}`,
  );
  process.exit(0);
}
const count = (text: string, name: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError(`--${name} must be a number, not ${text}.`);
  return value;
};
const chosen: NetSuiteOptions = {
  port: count(values.port, 'port'),
  data: values.data,
  seed: values.seed,
  scale: count(values.scale, 'scale'),
  ...(values.origin === undefined ? {} : { originMs: count(values.origin, 'origin') }),
  accountId: values['account-id'],
  suiteTax: values.suitetax === 'true',
  timeZone: values['time-zone'],
  ...(values['session-time-zone'] === undefined ? {} : { sessionTimeZone: values['session-time-zone'] }),
  concurrency: count(values.concurrency, 'concurrency'),
  foreignSlots: count(values['foreign-slots'], 'foreign-slots'),
  latencyMs: count(values['latency-ms'], 'latency-ms'),
  suiteqlLagMs: count(values['suiteql-lag-ms'], 'suiteql-lag-ms'),
  ...(values['warehouse-after-seconds'] === undefined
    ? {}
    : { warehouseAfterSeconds: count(values['warehouse-after-seconds'], 'warehouse-after-seconds') }),
  allowNegative: values['negative-stock'] === 'true',
  fulfilCommittedOnly: values['fulfil-on-commitment'] === 'true',
};
const netsuite = await startNetSuite(chosen);
stopOnSignals(netsuite.close, values['with-parent']);
const { accountId, clientId, tba } = netsuite.world;
console.log(JSON.stringify({ ready: true, url: netsuite.url, accountId, clientId, tba }));
