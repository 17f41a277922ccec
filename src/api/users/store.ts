export const createApiToken = async (..._a: unknown[]) => ''; export const createOwnerLink = async (..._a: unknown[]) => ''; export const hasUsers = async (..._a: unknown[]) => true;
