import type { Engine } from '../contract/vocabulary.js'

/**
 * Hosts that a browser calls by itself, whatever its flags. `*.` stands for any number of leading labels, none too.
 * Seen at start-up, or named in the browser's own sources as update, safe-browsing, sign-in, settings or connectivity services.
 */
export const BACKGROUND_HOSTS: Readonly<Record<Engine, readonly string[]>> = {
  chromium: [
    '*.googleapis.com', 'accounts.google.com', '*.gstatic.com', '*.gvt1.com', '*.gvt2.com', 'www.google.com', 'redirector.gvt1.com',
    'clients.google.com', 'clients1.google.com', 'clients2.google.com', 'clients3.google.com', 'clients4.google.com', 'clients5.google.com', 'clients6.google.com',
    'clients2.googleusercontent.com', 'dl.google.com', 'tools.google.com', 'android.clients.google.com', 'mtalk.google.com',
  ],
  firefox: ['*.mozilla.org', '*.mozilla.com', '*.mozilla.net', '*.firefox.com', 'ciscobinary.openh264.org', '*.mozaws.net'],
  webkit: [],
}
