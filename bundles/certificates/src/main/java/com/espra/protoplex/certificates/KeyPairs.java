package com.espra.protoplex.certificates;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** The keys of a fleet's certificates: ECDSA on P-256. */
final class KeyPairs {

    static final String SIGNATURE = "SHA256withECDSA";

    private static final String CURVE = "secp256r1";

    private KeyPairs() {}

    static KeyPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /**
     * The public half of a private key.
     *
     * @param file where the key is, for the message
     * @throws IOException if it is not a key on P-256
     */
    static PublicKey publicOf(PrivateKey key, Path file) throws IOException {
        X9ECParameters curve = ECNamedCurveTable.getByName(CURVE);
        if (!(key instanceof ECPrivateKey half)
                || half.getParams().getOrder().compareTo(curve.getN()) != 0
                || half.getS().signum() <= 0
                || half.getS().compareTo(curve.getN()) >= 0) {
            throw new IOException(file + " has no key on P-256: put back the one that belongs to this fleet");
        }
        var point = new FixedPointCombMultiplier()
                .multiply(curve.getG(), half.getS())
                .normalize();
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(
                            new ECPoint(
                                    point.getAffineXCoord().toBigInteger(),
                                    point.getAffineYCoord().toBigInteger()),
                            half.getParams()));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " has no key that can be used: " + e.getMessage(), e);
        }
    }
}
