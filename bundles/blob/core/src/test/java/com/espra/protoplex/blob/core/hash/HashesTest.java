package com.espra.protoplex.blob.core.hash;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.WhirlpoolDigest;
import org.junit.Test;

/** Against the published vectors, and other implementations on random lengths. */
public class HashesTest {

    private final Random random = new Random(42);

    private static String whirlpool(byte[] text) {
        Whirlpool hash = new Whirlpool();
        hash.update(text, 0, text.length);
        return HexFormat.of().withUpperCase().formatHex(hash.digest());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** From the test vectors of ISO/IEC 10118-3. */
    @Test
    public void whirlpoolOfThePublishedVectors() {
        assertEquals(
                "19FA61D75522A4669B44E39C1D2E1726C530232130D407F89AFEE0964997F7A7"
                        + "3E83BE698B288FEBCF88E3E03C4F0757EA8964E59B63D93708B138CC42A66EB3",
                whirlpool(ascii("")));
        assertEquals(
                "8ACA2602792AEC6F11A67206531FB7D7F0DFF59413145E6973C45001D0087B42"
                        + "D11BC645413AEFF63A42391A39145A591A92200D560195E53B478584FDAE231A",
                whirlpool(ascii("a")));
        assertEquals(
                "4E2448A4C6F486BB16B6562C73B4020BF3043E3A731BCE721AE1B303D97E6D4C"
                        + "7181EEBDB6C57E277D0E34957114CBD6C797FC9D95D8B582D225292076D4EEF5",
                whirlpool(ascii("abc")));
        assertEquals(
                "0C99005BEB57EFF50A7CF005560DDF5D29057FD86B20BFD62DECA0F1CCEA4AF5"
                        + "1FC15490EDDC47AF32BB2B66C34FF9AD8C6008AD677F77126953B226E4ED8B01",
                whirlpool(ascii("a".repeat(1_000_000))));
    }

    @Test
    public void whirlpoolAsBouncyCastleHasIt() {
        for (int i = 0; i < 400; i++) {
            byte[] text = new byte[random.nextInt(700)];
            random.nextBytes(text);
            WhirlpoolDigest other = new WhirlpoolDigest();
            other.update(text, 0, text.length);
            byte[] expected = new byte[64];
            other.doFinal(expected, 0);
            assertEquals(HexFormat.of().withUpperCase().formatHex(expected), whirlpool(text));
        }
    }

    @Test
    public void sha256AsTheJdkHasIt() throws Exception {
        for (int i = 0; i < 400; i++) {
            byte[] text = new byte[random.nextInt(700)];
            random.nextBytes(text);
            ResumableSha256 hash = new ResumableSha256();
            hash.update(text, 0, text.length);
            assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(text), hash.digest());
        }
    }

    /** A state goes through bytes at any place, also in the middle of a block. */
    @Test
    public void aStateIsGoneOnWith() throws Exception {
        byte[] text = new byte[5000];
        random.nextBytes(text);
        for (int i = 0; i < 200; i++) {
            int cut = random.nextInt(text.length + 1);
            ResumableSha256 sha256 = new ResumableSha256();
            Whirlpool whirlpool = new Whirlpool();
            sha256.update(text, 0, cut);
            whirlpool.update(text, 0, cut);
            sha256 = ResumableSha256.from(sha256.state());
            whirlpool = Whirlpool.from(whirlpool.state());
            assertEquals(cut, whirlpool.bytes());
            sha256.update(text, cut, text.length - cut);
            whirlpool.update(text, cut, text.length - cut);
            assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(text), sha256.digest());
            assertEquals(whirlpool(text), HexFormat.of().withUpperCase().formatHex(whirlpool.digest()));
        }
    }

    @Test
    public void whatIsNoStateIsRefused() {
        byte[] state = new ResumableSha256().state();
        assertThrows(IllegalArgumentException.class, () -> Whirlpool.from(state));
        assertThrows(IllegalArgumentException.class, () -> ResumableSha256.from(new byte[41]));
        assertThrows(IllegalArgumentException.class, () -> ResumableSha256.from(new byte[0]));
    }

    /** The vectors that docs/files.md gives. */
    @Test
    public void addressesOfTheVectors() {
        assertEquals(
                "v1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFUZ-mHXVSKkZptE45wdLhcmxTAjITDUB_ia_uCWSZf3pz6DvmmLKI_rz4jj4DxPB1fqiWTlm2PZNwixOMxCpm6zAAAAAAAAAAA",
                address("").toString());
        assertEquals(
                "v1.ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa1OJEikxvSGuxa2VixztAIL8wQ-OnMbznIa4bMD2X5tTHGB7r22xX4nfQ40lXEUy9bHl_ydldi1gtIlKSB21O71AAAAAAAAAAM",
                address("abc").toString());
    }

    @Test
    public void anAddressIsReadInItsOneForm() {
        ContentAddress address = address("abc");
        assertEquals(address, ContentAddress.parse(address.toString()));
        assertEquals(3, address.length());
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", address.sha256());
        String text = address.toString();
        for (String wrong : new String[] {
            "",
            "v1.",
            "v2." + text.substring(3),
            text + "A",
            text + "=",
            text.substring(0, text.length() - 1) + "N",
            text.replace('-', '+')
        }) {
            if (!wrong.equals(text)) {
                assertThrows(wrong, IllegalArgumentException.class, () -> ContentAddress.parse(wrong));
            }
        }
    }

    private static ContentAddress address(String text) {
        ResumableSha256 sha256 = new ResumableSha256();
        Whirlpool whirlpool = new Whirlpool();
        sha256.update(ascii(text), 0, text.length());
        whirlpool.update(ascii(text), 0, text.length());
        return ContentAddress.of(sha256, whirlpool);
    }
}
