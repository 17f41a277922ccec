// Who is told what, by which server? One's own wishes, and the house's mail server, webhooks and watches.

import { z } from 'zod';
import { listDeliveries } from '../alerts/outbox/store.ts';
import { type MailSettings, watchDefaults } from '../alerts/settings.ts';
import { listWebhooks, noSubscription, readSubscription, saveSubscription } from '../alerts/store.ts';
import { readHouse, readHouseSecret } from '../house/store.ts';
import { personById } from '../people/store.ts';
import {
  alerts,
  mailInput,
  subscription,
  testOutcome,
  watch,
  webhookInput,
  webhookSecret,
} from './contract/alerts.ts';
import { done } from './contract/common.ts';
import { type Api, numberId, route } from './route.ts';
import type { ApiParts } from './server.ts';

export function addAlerts(api: Api, { db, vault, clock, operations }: ApiParts): void {
  api.get(
    '/me/subscription',
    route('read', 'What I am told by mail', { answer: subscription }),
    async (request) =>
      request.caller!.userId === undefined ? noSubscription : readSubscription(db, request.caller!.userId),
  );
  api.put(
    '/me/subscription',
    route('self', 'Choose what I am told by mail', { body: subscription, answer: done }),
    async (request) => {
      await saveSubscription(db, request.caller!.userId!, request.body);
      return { ok: true };
    },
  );
  api.get(
    '/alerts',
    route('admin', 'Mail server, watches, webhooks and the last deliveries', { answer: alerts }),
    async () => {
      const mail = await readHouse<MailSettings>(db, 'mail');
      return {
        mail: mail
          ? { ...mail, hasPassword: (await readHouseSecret(db, vault, 'mail')) !== undefined }
          : null,
        watch: { ...watchDefaults, ...(await readHouse<object>(db, 'watch')) },
        webhooks: await listWebhooks(db),
        deliveries: await listDeliveries(db),
      };
    },
  );
  api.put(
    '/alerts/mail',
    route('admin', 'Set the mail server', { body: mailInput, answer: done }),
    async (request) => {
      const { password, ...settings } = request.body;
      await operations.saveMail(settings, password, request.caller!.name);
      return { ok: true };
    },
  );
  api.put(
    '/alerts/watch',
    route('admin', 'Set what is watched', { body: watch, answer: done }),
    async (request) => {
      await operations.saveWatch(request.body, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/alerts/test',
    route('admin', 'Send a test message', {
      body: z.object({ to: z.email().max(200) }),
      answer: testOutcome,
    }),
    async (request) => {
      const { userId } = request.caller!;
      const person = userId === undefined ? undefined : await personById(db, userId, clock.now());
      return operations.testMail(request.body.to, person?.locale ?? 'en');
    },
  );
  api.post(
    '/alerts/webhooks',
    route('admin', 'Add a webhook; answers the secret that proves its messages', {
      body: webhookInput,
      answer: webhookSecret,
    }),
    async (request) => ({ secret: await operations.addWebhook(request.body, request.caller!.name) }),
  );
  api.post(
    '/alerts/webhooks/:id/test',
    route('admin', 'Send a test message to a webhook', { params: numberId, answer: testOutcome }),
    (request) => operations.testWebhook(request.params.id),
  );
  api.delete(
    '/alerts/webhooks/:id',
    route('admin', 'Remove a webhook', { params: numberId, answer: done }),
    async (request) => {
      await operations.removeWebhook(request.params.id, request.caller!.name);
      return { ok: true };
    },
  );
}
