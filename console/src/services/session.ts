// Who reads this page, and what the reader may do. The hub has no sign-in yet: who reaches it may do everything.
export type Role = 'ANYONE' | 'VIEWER' | 'OPERATOR' | 'ADMIN';
const ranks: Record<Role, number> = { ANYONE: 0, VIEWER: 1, OPERATOR: 2, ADMIN: 3 };
const viewer: { role: Role } = { role: 'ADMIN' };

export const allows = (reader: { role: Role }, needed: Role) => ranks[reader.role] >= ranks[needed];
export const useRole = () => ({ viewer, can: (role: Role) => allows(viewer, role) });
