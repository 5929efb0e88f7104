import { crop } from 'packshot';

/** The middle of the photo in a form, as WebP. */
export async function POST(request) {
  const form = await request.formData();
  const middle = await crop(form.get('photo'), { area: '0 0 50% 50%' });
  return new Response(middle.stream({ format: 'webp' }), { headers: { 'content-type': 'image/webp' } });
}
