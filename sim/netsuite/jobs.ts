// What happens to calls that prefer an asynchronous answer? A job with one task per record; a job that ran through
// has “succeeded” even when each of its records failed.
import { type Answer, type Call, json } from '../http.ts';
import { errorBody, notFound, Refusal } from './errors.ts';

interface Task {
  readonly answer: Answer;
}
interface Job {
  readonly id: string;
  readonly readyAtMs: number;
  readonly tasks: readonly Task[];
}

export interface JobDesk {
  /** Runs the parts of a batch and keeps their answers. */
  submit(call: Call, parts: readonly (() => Answer)[]): Answer;
  read(call: Call, path: readonly string[]): Answer;
}

const base = '/services/rest/async/v1/job';
/** Oracle: at most 100 records in one batch. */
export const batchMax = 100;

export function makeJobDesk(now: () => number, durationMs: number): JobDesk {
  const jobs = new Map<string, Job>();
  const byKey = new Map<string, string>();
  let last = 1000;
  return {
    submit: (call, parts) => {
      if (parts.length > batchMax)
        throw new Refusal(400, 'INVALID_REQUEST', `A batch holds at most ${batchMax} records.`);
      const key = call.headers['x-netsuite-idempotency-key'];
      const known = typeof key === 'string' ? byKey.get(key) : undefined;
      if (known)
        return {
          ...json(
            400,
            errorBody(
              400,
              'IDEMPOTENCY_ERROR',
              'A request with this idempotency key was submitted already.',
              undefined,
              'Conflict',
            ),
          ),
          headers: { location: `${call.baseUrl}${base}/${known}` },
        };
      const id = String(++last);
      if (typeof key === 'string') byKey.set(key, id);
      const tasks = parts.map((part): Task => {
        try {
          return { answer: part() };
        } catch (cause) {
          if (!(cause instanceof Refusal)) throw cause;
          return {
            answer: json(cause.status, errorBody(cause.status, cause.code, cause.message, cause.path)),
          };
        }
      });
      jobs.set(id, { id, tasks, readyAtMs: now() + durationMs });
      return {
        status: 202,
        headers: {
          location: `${call.baseUrl}${base}/${id}`,
          'preference-applied': 'respond-async',
          'x-netsuite-jobid': id,
        },
      };
    },
    read: (call, [id = '', word, number, result]) => {
      const job = jobs.get(id);
      if (!job) throw notFound('The asynchronous job does not exist.');
      const url = `${call.baseUrl}${base}/${id}`;
      const completed = now() >= job.readyAtMs;
      const progress = completed ? 'succeeded' : 'processing';
      if (word === undefined)
        return json(200, {
          links: [{ rel: 'self', href: url }],
          id,
          completed,
          progress,
          task: { links: [{ rel: 'self', href: `${url}/task` }] },
        });
      if (number === undefined) {
        const items = job.tasks.map((_, index) => ({
          links: [{ rel: 'self', href: `${url}/task/${index + 1}` }],
          id: String(index + 1),
        }));
        return json(200, {
          links: [{ rel: 'self', href: `${url}/task` }],
          items,
          count: items.length,
          hasMore: false,
          offset: 0,
          totalResults: items.length,
        });
      }
      const task = job.tasks[Number(number) - 1];
      if (!task) throw notFound('The task does not exist.');
      if (result === 'result') {
        if (!completed) throw new Refusal(400, 'INVALID_REQUEST', 'The task is not completed yet.');
        return task.answer;
      }
      const failed = task.answer.status >= 400;
      return json(200, {
        links: [{ rel: 'self', href: `${url}/task/${number}` }],
        id: number,
        completed,
        progress: completed && failed ? 'failed' : progress,
        result: { links: [{ rel: 'self', href: `${url}/task/${number}/result` }] },
      });
    },
  };
}
