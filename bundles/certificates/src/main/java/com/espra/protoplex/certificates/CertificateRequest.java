package com.espra.protoplex.certificates;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A node asks for a certificate (PKCS #10, RFC 2986), and proves that it has the key.
 *
 * @param key the node's
 * @param id whom the certificate is to be for
 */
public record CertificateRequest(PublicKey key, SpiffeId id) {

    private static final String LABEL = "CERTIFICATE REQUEST";
    private static final int P256_BITS = 256;

    /** The request for a key, as PEM. */
    public static String write(PublicKey key, PrivateKey secret, SpiffeId id) throws IOException {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), key);
            GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, id.uri());
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(new Extension[] {
                Extension.create(Extension.subjectAlternativeName, true, new GeneralNames(name))
            }));
            return Pem.write(
                    LABEL,
                    builder.build(new JcaContentSignerBuilder(KeyPairs.SIGNATURE).build(secret))
                            .getEncoded());
        } catch (OperatorCreationException e) {
            throw new IOException("this Java cannot sign a request for a certificate", e);
        }
    }

    /**
     * Reads a request, and whether whoever sent it has the key. Nothing else that it asks for is looked at.
     *
     * @throws CertificateException if it is none, is not signed with its key, or its key is of another kind
     */
    public static CertificateRequest read(String pem) throws CertificateException {
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(Pem.read(pem, LABEL));
            PublicKey key = request.getPublicKey();
            if (!(key instanceof ECPublicKey point)
                    || point.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
                throw new CertificateException("its key is not one of ECDSA on P-256");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new CertificateException("it is not signed with the key that it is for");
            }
            return new CertificateRequest(key, id(request.getRequestedExtensions()));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            if (e instanceof CertificateException known) {
                throw known;
            }
            throw new CertificateException("it is no request for a certificate (PKCS #10): " + e.getMessage(), e);
        }
    }

    private static SpiffeId id(Extensions extensions) throws CertificateException {
        GeneralNames names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        if (names == null || names.getNames().length != 1) {
            throw new CertificateException("it does not ask for one name");
        }
        GeneralName name = names.getNames()[0];
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            throw new CertificateException("the name that it asks for is no URI");
        }
        return SpiffeId.of(ASN1IA5String.getInstance(name.getName()).getString());
    }
}
