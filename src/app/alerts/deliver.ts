// How does a queued message leave? Mail through the house's own server, webhooks as signed JSON; a message keeps its number,
// so that one that is sent again after a lost answer can be told apart.
import { createHmac } from 'node:crypto';
import { request as undiciRequest } from 'undici';
import { claimMessages, type DueMessage, messageFailed, messageSent } from '../../alerts/outbox/store.ts';
import type { MailSettings } from '../../alerts/settings.ts';
import { webhookById } from '../../alerts/store.ts';
import type { Clock } from '../../core/clock.ts';
import { RecordError } from '../../core/errors.ts';
import { redactText } from '../../core/redact.ts';
import type { Db } from '../../db/pool.ts';
import { readHouse, readHouseSecret } from '../../house/store.ts';
import { noteProblem } from '../../problems/store.ts';
import type { Vault } from '../../vault/vault.ts';

export interface DeliverParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
}

const timeoutMs = 30_000;
export const webhookContext = (id: string | bigint) => `webhook/${id}`;

/** Sends what is due; returns how many went out. */
export async function deliverMessages(parts: DeliverParts): Promise<number> {
  let sent = 0;
  for (const message of await claimMessages(parts.db, parts.vault, parts.clock.now())) {
    const fault = await send(parts, message).then(
      () => undefined,
      (thrown: unknown) => redactText(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    if (fault === undefined) {
      await messageSent(parts.db, message.id, parts.clock.now());
      sent++;
    } else if ((await messageFailed(parts.db, message, fault, parts.clock.now())) === 'given-up')
      await tellGivenUp(parts, message);
  }
  return sent;
}

const send = (parts: DeliverParts, message: DueMessage): Promise<void> =>
  message.channel === 'mail' ? sendMail(parts, message) : sendWebhook(parts, message);

async function sendMail({ db, vault }: DeliverParts, message: DueMessage): Promise<void> {
  const settings = await readHouse<MailSettings>(db, 'mail');
  if (!settings) throw new Error('No mail server is set.');
  const password = (await readHouseSecret<{ password: string }>(db, vault, 'mail'))?.password;
  // Loaded when there is a mail to send: a worker without any is lighter by it.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    ...(settings.user === '' ? {} : { auth: { user: settings.user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: settings.from,
      to: message.target,
      subject: message.subject,
      text: message.body,
      date: message.at,
      messageId: `<delivery-${message.id}.${message.at.getTime()}@${settings.from.split('@')[1]?.replace(/>.*/, '') ?? 'crossdock'}>`,
      headers: { 'auto-submitted': 'auto-generated', 'x-crossdock-kind': message.kind },
    });
  } finally {
    transport.close();
  }
}

/** The receiver proves us by hashing time and body with the secret, as with Stripe: `t=…,v1=…`. */
export function signatureOf(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

async function sendWebhook({ db, vault, clock }: DeliverParts, message: DueMessage): Promise<void> {
  const hook = await webhookById(db, message.target);
  // Removed meanwhile: there is nobody to tell, and nothing failed.
  if (!hook) return;
  const secret = vault.open(hook.sealedSecret, webhookContext(message.target)).toString();
  const answer = await undiciRequest(hook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Crossdock',
      'x-crossdock-delivery': `${message.id}`,
      'x-crossdock-signature': signatureOf(secret, message.body, clock.now()),
    },
    body: message.body,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw new Error(`The webhook answered ${answer.statusCode}.`);
}

async function tellGivenUp({ db, clock }: DeliverParts, message: DueMessage): Promise<void> {
  if (message.kind === 'test') return;
  const to = message.channel === 'mail' ? message.target : `webhook ${message.target}`;
  await noteProblem(
    db,
    { flowId: null, connectionId: null, kind: 'task', subject: to },
    new RecordError('ALERT_UNDELIVERED', `Messages to ${to} could not be delivered for a day.`, {
      nextSteps: [
        'Look at the deliveries under Alerts: each says what the server answered.',
        'Correct the mail server or the address, then mark this as done.',
      ],
      facts: { to, channel: message.channel },
    }),
    clock.now(),
  );
}
