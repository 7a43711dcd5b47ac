// What the walk needs of S3, to look into buckets by itself: signed requests with path addressing.
import { createHash, createHmac } from 'node:crypto';

const hash = (data) => createHash('sha256').update(data).digest('hex');
const mac = (key, data) => createHmac('sha256', key).update(data).digest();
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export class Store {
  constructor(url, accessKeyId, secretAccessKey) { Object.assign(this, { url, accessKeyId, secretAccessKey }); }

  async send(method, path, query = {}, body = '') {
    const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const day = at.slice(0, 8);
    const { host } = new URL(this.url);
    const target = `/${path.split('/').map(encode).join('/')}`;
    const search = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted().join('&');
    const signed = 'host;x-amz-content-sha256;x-amz-date';
    const request = [method, target, search, `host:${host}`, `x-amz-content-sha256:${hash(body)}`, `x-amz-date:${at}`, '', signed, hash(body)].join('\n');
    const scope = `${day}/us-east-1/s3/aws4_request`;
    const key = ['us-east-1', 's3', 'aws4_request'].reduce(mac, mac(`AWS4${this.secretAccessKey}`, day));
    const signature = mac(key, ['AWS4-HMAC-SHA256', at, scope, hash(request)].join('\n')).toString('hex');
    const response = await fetch(`${this.url}${target}${search && `?${search}`}`, {
      method, body: body || undefined,
      headers: { 'x-amz-date': at, 'x-amz-content-sha256': hash(body), authorization: `AWS4-HMAC-SHA256 Credential=${this.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  }
  createBucket(bucket) { return this.send('PUT', bucket); }
  put(bucket, key, body) { return this.send('PUT', `${bucket}/${key}`, {}, body); }
  get(bucket, key) { return this.send('GET', `${bucket}/${key}`); }
  delete(bucket, key) { return this.send('DELETE', `${bucket}/${key}`); }
  /** Its first thousand keys. */
  async keys(bucket) {
    const text = await this.send('GET', bucket, { 'list-type': '2' });
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
  }
  async remove(bucket) {
    for (const key of await this.keys(bucket)) await this.delete(bucket, key);
    await this.send('DELETE', bucket);
  }
}

/** The two servers of the tests; nothing where there are none. */
export function stores(environment = process.env) {
  const { DTH_TEST_S3_ENDPOINT: a, DTH_TEST_S3_ENDPOINT_B: b, DTH_TEST_S3_ACCESS_KEY_ID: id, DTH_TEST_S3_SECRET_ACCESS_KEY: secret } = environment;
  return a && b && id && secret ? { source: new Store(a, id, secret), destination: new Store(b, id, secret) } : undefined;
}
