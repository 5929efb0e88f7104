// `require` has the types, too.
import packshot = require('packshot');

export const photo: Promise<packshot.Photo> = packshot.Photo.open('a.jpg');
// @ts-expect-error: no such export
export const nothing = packshot.nothing;
