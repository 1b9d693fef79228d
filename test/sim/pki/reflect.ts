// @peculiar/x509 wires itself with decorators that ask for these four functions; this is all of them that it uses.
const metadata = new WeakMap<object, Map<unknown, unknown>>();

const own = (target: object) => {
  const known = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, known);
  return known;
};

Object.assign(Reflect, {
  getMetadata: (key: unknown, target: object) => own(target).get(key),
  getOwnMetadata: (key: unknown, target: object) => own(target).get(key),
  defineMetadata: (key: unknown, value: unknown, target: object) => void own(target).set(key, value),
  metadata: (key: unknown, value: unknown) => (target: object) => void own(target).set(key, value),
});
