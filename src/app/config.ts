// What does the environment say? Parsed once; nobody else reads process.env. Settings of accounts and flows live in the
// database; here are only the things a machine decides.
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'Expected a PostgreSQL URL, e.g. postgres://user:secret@host/crossdock')
    .optional(),
  CROSSDOCK_DATA: z.string().optional(),
  CROSSDOCK_HOST: z.string().default('127.0.0.1'),
  CROSSDOCK_PORT: z.coerce.number().int().min(0).max(65_535).default(4380),
  CROSSDOCK_PUBLIC_URL: z.url().optional(),
  CROSSDOCK_MASTER_KEY: z.string().optional(),
  CROSSDOCK_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CROSSDOCK_URL: z.url().optional(),
  CROSSDOCK_TOKEN: z.string().optional(),
  NO_COLOR: z.string().optional(),
  CROSSDOCK_WORKER_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  CROSSDOCK_KEEP_DOCUMENTS_DAYS: z.coerce.number().int().min(30).max(36_500).default(400),
  CROSSDOCK_KEEP_TRAIL_DAYS: z.coerce.number().int().min(7).max(36_500).default(180),
  CROSSDOCK_TIME_SCALE: z.coerce.number().min(1).max(10_000).default(1),
  CROSSDOCK_TIME_ORIGIN_MS: z.coerce.number().int().min(0).default(0),
});

/** Each variable with its meaning; docs/reference/configuration.md is made from this. */
export const variables: Readonly<Record<keyof z.infer<typeof environment>, string>> = {
  DATABASE_URL: 'PostgreSQL 15 or newer to use instead of the built-in one.',
  CROSSDOCK_DATA:
    'Folder for the built-in database, the master key and the demo world. Default: .crossdock in the current folder.',
  CROSSDOCK_HOST: 'Address to listen on. Default 127.0.0.1: nobody else can reach it.',
  CROSSDOCK_PORT: 'Port of the console and API. Default 4380; 0 takes a free one.',
  CROSSDOCK_PUBLIC_URL: 'The address people use, when a proxy with TLS stands before Crossdock.',
  CROSSDOCK_MASTER_KEY:
    'Master key(s), 32 bytes base64, separated by commas; the first seals. Default: the file master.key in the data folder.',
  CROSSDOCK_LOG_LEVEL: 'debug, info, warn, error or silent.',
  CROSSDOCK_URL: 'Server the command line talks to. Default: the one that runs on this data folder.',
  CROSSDOCK_TOKEN: 'Token the command line uses. Default: the one made on the first start.',
  NO_COLOR: 'Set to anything, the command line writes without colours.',
  CROSSDOCK_WORKER_ID:
    'Name of this worker; a worker that starts under the same name takes over what its predecessor held.',
  CROSSDOCK_KEEP_DOCUMENTS_DAYS:
    'Days after which documents of the channels are removed (at least 30). The newest of each order stays while its record does; what was decided and the audit log stay for good.',
  CROSSDOCK_KEEP_TRAIL_DAYS:
    'Days after which requests with their answers, runs and stock figures sent are removed (at least 7).',
  CROSSDOCK_TIME_SCALE: 'For simulations only: how many times as fast as the wall the clock runs.',
  CROSSDOCK_TIME_ORIGIN_MS:
    'For simulations only: the moment (ms since 1970) at which scaled and real time agree.',
};

export interface Config {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** The port was asked for: another one will not do. */
  readonly portChosen?: boolean;
  readonly publicUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly noColor?: boolean;
  readonly workerId: string | undefined;
  /** Days that documents as they came, and the trail of requests, stay. */
  readonly keepDays: { readonly documents: number; readonly trail: number };
  readonly timeScale: number;
  readonly timeOriginMs: number;
}

/** Reads the environment with the command line's overrides; every fault is named at once. */
export function readConfig(
  overrides: { readonly dataDir?: string; readonly port?: number; readonly host?: string } = {},
): Config {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right:\n${faults.join('\n')}`);
  }
  const env = parsed.data;
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    dataDir: resolve(overrides.dataDir ?? env.CROSSDOCK_DATA ?? join(process.cwd(), '.crossdock')),
    host: overrides.host ?? env.CROSSDOCK_HOST,
    port: overrides.port ?? env.CROSSDOCK_PORT,
    portChosen: overrides.port !== undefined || process.env['CROSSDOCK_PORT'] !== undefined,
    publicUrl: env.CROSSDOCK_PUBLIC_URL,
    masterKey: env.CROSSDOCK_MASTER_KEY,
    logLevel: env.CROSSDOCK_LOG_LEVEL,
    url: env.CROSSDOCK_URL,
    token: env.CROSSDOCK_TOKEN,
    noColor: env.NO_COLOR !== undefined && env.NO_COLOR !== '',
    workerId: env.CROSSDOCK_WORKER_ID,
    keepDays: { documents: env.CROSSDOCK_KEEP_DOCUMENTS_DAYS, trail: env.CROSSDOCK_KEEP_TRAIL_DAYS },
    timeScale: env.CROSSDOCK_TIME_SCALE,
    timeOriginMs: env.CROSSDOCK_TIME_ORIGIN_MS,
  });
}
