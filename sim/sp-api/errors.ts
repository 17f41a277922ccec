// How does simulated Amazon refuse? In the one shape that all its models share.
import { type Answer, json } from '../http.ts';

export const apiError = (status: number, code: string, message: string, details = ''): Answer =>
  json(status, { errors: [{ code, message, details }] });
