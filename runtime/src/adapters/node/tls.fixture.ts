/**
 * A certificate of tests, for `localhost` and 127.0.0.1, signed by its own key, valid for a hundred years. Nothing trusts it, so its
 * key is no secret. Made with `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500`.
 */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUKpn/EmWJneldwU9ct1qJNcvxWEYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTIwMTE0MjA1NloYDzIxMjYxMTA3
MTQyMDU2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARfkLTeSw1bCcBahSe7IkkbVqCET6Trj8/JaPQRrat5xmReGZVAPgqj
dkKyvCQ/ikxmFJnST106HldHSMUccyJXo28wbTAdBgNVHQ4EFgQUSkR8cjnWxckw
v8ehMTyUnyAPIgwwHwYDVR0jBBgwFoAUSkR8cjnWxckwv8ehMTyUnyAPIgwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAIq3CT3pGiYfE0J0WvgxDGCH10mjSKwl9JEBkUUvR3HRAiEA
vFUcmpF1XkEB95ciGjFF7sHAd17G0XmEsKlCyOSEEuo=
-----END CERTIFICATE-----`;

/** The key of the certificate. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtb+Szp2rH+BFAJ9W
T4TULyjwTN2mgx+Y/LnUIYTOiXyhRANCAARfkLTeSw1bCcBahSe7IkkbVqCET6Tr
j8/JaPQRrat5xmReGZVAPgqjdkKyvCQ/ikxmFJnST106HldHSMUccyJX
-----END PRIVATE KEY-----`;
