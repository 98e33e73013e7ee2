/** How a cell stands to what was expected of it. */
export const STANDINGS = ['as_expected', 'otherwise', 'better'] as const
