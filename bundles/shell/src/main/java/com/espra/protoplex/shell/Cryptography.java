package com.espra.protoplex.shell;

import java.security.Provider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.SunJCESecurityProviderRegistrar;
import org.apache.sshd.common.util.security.bouncycastle.BouncyCastleSecurityProviderRegistrar;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * What MINA calculates with: the JDK, and BouncyCastle for what MINA cannot do with the JDK (Ed25519). Left alone, MINA takes the
 * provider that the JVM knows as {@code BC}, and makes its own known by that name when there is none. Here that name may belong to an app
 * which brings another copy of BouncyCastle; its keys would be of other classes than MINA's. So this bundle's instance is used, and stays
 * unknown to the JVM.
 */
final class Cryptography {

    private Cryptography() {}

    /** Before anything else of MINA is touched: what is registered first is asked first, and cannot be replaced. */
    static void prepare() {
        SecurityUtils.registerSecurityProvider(new SunJCESecurityProviderRegistrar());
        SecurityUtils.registerSecurityProvider(new OwnBouncyCastle());
    }

    private static final class OwnBouncyCastle extends BouncyCastleSecurityProviderRegistrar {

        private final Provider provider = new BouncyCastleProvider();

        @Override
        public Provider getSecurityProvider() {
            return provider;
        }

        @Override
        public boolean isNamedProviderUsed() {
            return false;
        }
    }
}
