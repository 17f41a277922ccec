// Every code that an answer may carry, with its class and its title in the console's languages.
export { type CauseClass as ErrorClass, type ErrorCode, errorCodes } from '../../core/error-codes.ts';
