package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SshWatchTest {

    private static final long SECOND = 1_000_000_000L;

    private final PeerActivity activity = new PeerActivity(0);

    @Test
    void aSilentPeerIsAskedAndThenLost() {
        activity.beginRead(0);

        assertThat(SshWatch.needsKeepAlive(activity, SECOND)).isFalse();
        assertThat(SshWatch.needsKeepAlive(activity, 2 * SECOND)).isTrue();
        assertThat(SshWatch.isLost(activity, 9 * SECOND)).isFalse();
        assertThat(SshWatch.isLost(activity, 9 * SECOND + 1)).isTrue();
    }

    @Test
    void aPeerThatSendsIsNotLost() {
        activity.beginRead(0);
        activity.received(5 * SECOND);

        assertThat(SshWatch.isLost(activity, 14 * SECOND)).isFalse();
        assertThat(SshWatch.needsKeepAlive(activity, 6 * SECOND)).isFalse();
    }

    @Test
    void aReaderThatIsBusySaysNothingAboutThePeer() {
        activity.beginRead(0);
        activity.received(0);
        activity.endRead();
        assertThat(SshWatch.isLost(activity, 100 * SECOND)).isFalse();

        activity.beginRead(100 * SECOND);
        assertThat(SshWatch.isLost(activity, 109 * SECOND)).isFalse();
        assertThat(SshWatch.isLost(activity, 110 * SECOND)).isTrue();
    }

    @Test
    void aPeerThatTakesNothingIsLost() {
        activity.beginWrite(50 * SECOND);

        assertThat(SshWatch.isLost(activity, 59 * SECOND)).isFalse();
        assertThat(SshWatch.isLost(activity, 60 * SECOND)).isTrue();
    }

    @Test
    void aWriteThatEndedCountsNoMore() {
        activity.beginWrite(0);
        activity.endWrite();
        assertThat(SshWatch.isLost(activity, 60 * SECOND)).isFalse();

        activity.beginWrite(61 * SECOND);
        assertThat(SshWatch.isLost(activity, 60 * SECOND)).isFalse();
        assertThat(SshWatch.isLost(activity, 62 * SECOND)).isFalse();
    }
}
