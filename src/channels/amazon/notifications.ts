// How do notices of changed orders arrive? Through the seller's own SQS queue; late, twice, out of order or never, so
// they are hints: only the order id and the moment are taken from them.
import { ConnectionError, TransientError } from '../../core/errors.ts';
import type { HintQueue, OrderHint } from '../channel.ts';
import type { AmazonSecrets, AmazonSettings } from './settings.ts';

export function hintQueue(
  queue: NonNullable<AmazonSettings['notifications']>,
  secrets: AmazonSecrets,
): HintQueue {
  // Loaded when a queue is read for the first time: most accounts have none, and the client is large.
  const open = async () => {
    const sqs = await import('@aws-sdk/client-sqs');
    const client = new sqs.SQSClient({
      region: queue.awsRegion,
      maxAttempts: 1,
      ...(queue.endpoint ? { endpoint: queue.endpoint } : {}),
      ...(secrets.awsAccessKeyId && secrets.awsSecretAccessKey
        ? {
            credentials: { accessKeyId: secrets.awsAccessKeyId, secretAccessKey: secrets.awsSecretAccessKey },
          }
        : {}),
    });
    return { sqs, client };
  };
  let opened: ReturnType<typeof open> | undefined;
  const queueClient = () => {
    opened ??= open();
    return opened;
  };
  return {
    async receive() {
      const { sqs, client } = await queueClient();
      const answer = await client
        .send(
          new sqs.ReceiveMessageCommand({
            QueueUrl: queue.queueUrl,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 0,
          }),
        )
        .catch((cause: unknown) => Promise.reject(queueError(cause)));
      return (answer.Messages ?? []).map((message) =>
        toHint(message.ReceiptHandle ?? '', message.MessageId ?? '', message.Body ?? ''),
      );
    },
    async acknowledge(receipts) {
      const { sqs, client } = await queueClient();
      for (let start = 0; start < receipts.length; start += 10) {
        const Entries = receipts
          .slice(start, start + 10)
          .map((receipt, index) => ({ Id: String(index), ReceiptHandle: receipt }));
        await client
          .send(new sqs.DeleteMessageBatchCommand({ QueueUrl: queue.queueUrl, Entries }))
          .catch((cause: unknown) => Promise.reject(queueError(cause)));
      }
    },
  };
}

function queueError(cause: unknown): Error {
  const name = cause instanceof Error ? cause.name : '';
  // Notices are a convenience: a queue that cannot be read never stops the search for orders.
  return new TransientError(
    'QUEUE_UNREADABLE',
    `The queue of notices cannot be read (${name || 'no answer'}); orders are still found by searching.`,
    {
      nextSteps: [
        'Check the queue’s URL, region and the AWS keys; the key needs sqs:ReceiveMessage and sqs:DeleteMessage.',
      ],
      cause: cause instanceof ConnectionError ? undefined : cause,
    },
  );
}

interface Envelope {
  readonly [name: string]: unknown;
}

/** Reads a notice in either casing, also inside an EventBridge `detail` (spapi.md §5). */
export function toHint(receipt: string, messageId: string, body: string): OrderHint {
  let parsed: Envelope = {};
  try {
    parsed = JSON.parse(body) as Envelope;
  } catch {
    // A notice that cannot be read is acknowledged as one of an unknown kind; searching finds the order all the same.
  }
  const envelope = ((parsed['detail'] as Envelope | undefined) ?? parsed) as Envelope;
  const pick = (holder: unknown, name: string): unknown => {
    if (typeof holder !== 'object' || holder === null) return undefined;
    const entry = Object.entries(holder).find(([key]) => key.toLowerCase() === name.toLowerCase());
    return entry?.[1];
  };
  const kind = String(pick(envelope, 'NotificationType') ?? '');
  const payload = pick(envelope, 'Payload');
  const change = pick(payload, 'OrderChangeNotification') ?? payload;
  const orderId = kind === 'ORDER_CHANGE' ? pick(change, 'AmazonOrderId') : undefined;
  const happened = Date.parse(String(pick(envelope, 'EventTime') ?? ''));
  return {
    receipt,
    noticeId: String(pick(pick(envelope, 'NotificationMetadata'), 'NotificationId') ?? messageId),
    happenedAt: new Date(Number.isNaN(happened) ? 0 : happened),
    kind: kind || 'unreadable',
    ...(typeof orderId === 'string' ? { orderId } : {}),
  };
}
