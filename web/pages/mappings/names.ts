// What is a field called, in the reader's words? Custom fields keep the id that the account gave them.
import { isKey, t } from '../../words/index.ts';

export const fieldName = (field: string): string => {
  const key = `mappings.name_${field}`;
  return isKey(key) ? t(key as 'mappings.name_memo') : field;
};
