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

/** Another certificate, of the subject `renewed`, made in the same way. */
export const renewedCert = `-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgIUcGVEvYcIq+xZ4oq4oIuqLnx7OyswCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHcmVuZXdlZDAgFw0yNjEyMDExNzIzMzhaGA8yMTI2MTEwNzE3
MjMzOFowEjEQMA4GA1UEAwwHcmVuZXdlZDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABGCK/jMGTjcis+ZsXof00IjfWtGI2MzK1Iu63DgpNwVuoifEONzAKP9QdAGj
FyagdtLMvnevcLEPDxoH5tloM+6jbzBtMB0GA1UdDgQWBBRCNiyA3hfWeJqYlGtF
aAOjolvIGTAfBgNVHSMEGDAWgBRCNiyA3hfWeJqYlGtFaAOjolvIGTAPBgNVHRMB
Af8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQD
AgNIADBFAiEA5hgwlP6o9Z/PoXJrgYBWZO1Fhm35QkgmrNcP5C8KS4sCICCmyu1X
k8dEL2GFcvHd9ZplL9wlnPj2dAHRXYEOooAd
-----END CERTIFICATE-----`;

/** The key of the other certificate. */
export const renewedKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9vv3SkROiv9Vm3F+
t+4fgv3l1GgYpMD0hAVfCtdQPpahRANCAARgiv4zBk43IrPmbF6H9NCI31rRiNjM
ytSLutw4KTcFbqInxDjcwCj/UHQBoxcmoHbSzL53r3CxDw8aB+bZaDPu
-----END PRIVATE KEY-----`;
