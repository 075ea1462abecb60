package org.rowmill.store.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StoredKeysTest {

    @Test
    @Tag("slow")
    void behavesLikeAHashMapOfAMillionKeys() {
        SplittableRandom random = new SplittableRandom(7);
        StoredKeys keys = new StoredKeys(0);
        Map<IndexKey, BitSet> expected = new HashMap<>();
        for (int i = 0; i < 1_000_000; i++) {
            IndexKey key = key(random.nextInt(1_200_000));
            BitSet columns = BitSet.valueOf(new long[] {random.nextInt(8)});
            boolean added = keys.add(key, keys.number(columns));
            assertThat(added).isEqualTo(!expected.containsKey(key));
            expected.computeIfAbsent(key, k -> new BitSet()).or(columns);
        }
        assertThat(keys.count()).isEqualTo(expected.size());
        for (int i = 0; i < 1_200_000; i++) {
            IndexKey key = key(i);
            assertThat(keys.contains(key)).isEqualTo(expected.containsKey(key));
            assertThat(keys.columns(key)).isEqualTo(expected.getOrDefault(key, new BitSet()));
        }
    }

    @Test
    void anIndexThatIsListedTwiceIsDetected() {
        StoredKeys keys = new StoredKeys(0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(keys.markListed(key(i))).isTrue();
        }
        assertThat(keys.markListed(key(99))).isFalse();
        assertThat(keys.listed(key(99))).isTrue();
        assertThat(keys.listed(key(100_000))).isFalse();
        assertThat(keys.contains(key(99))).isFalse();
        assertThat(keys.count()).isZero();
    }

    @Test
    void aFailedRowMayBeStoredToo() {
        StoredKeys keys = new StoredKeys(10);
        BitSet first = BitSet.valueOf(new long[] {1});
        keys.markFailed(key(1));
        keys.add(key(1), keys.number(first));
        keys.markListed(key(1));
        assertThat(keys.failed(key(1))).isTrue();
        assertThat(keys.columns(key(1))).isEqualTo(first);
        assertThat(keys.failed(key(2))).isFalse();
    }

    private static IndexKey key(int number) {
        return IndexKey.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
