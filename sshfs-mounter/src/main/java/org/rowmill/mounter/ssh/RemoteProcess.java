package org.rowmill.mounter.ssh;

import com.jcraft.jsch.ChannelExec;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command that runs on a node. Thread-safe, except that each stream is for one thread at a time. */
public final class RemoteProcess implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /** Names of signals in RFC 4254, by signal number. Empty: the RFC has no name for it. */
    private static final List<String> SIGNALS = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "", "ABRT", "", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM");

    private final ChannelExec channel;
    private final OutputStream in;
    private final InputStream out;
    private final InputStream err;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private RemoteProcess(ChannelExec channel, InputStream out, InputStream err) throws IOException {
        this.channel = channel;
        this.in = new Input(channel);
        this.out = out;
        this.err = err;
    }

    /** Prepares a command whose output is read from {@link #out} and {@link #err}. */
    static RemoteProcess readable(ChannelExec channel) throws IOException {
        ByteQueue out = new ByteQueue();
        ByteQueue err = new ByteQueue();
        return new RemoteProcess(channel, out, err).writingTo(out.sink(), err.sink());
    }

    /** Prepares a command whose output is written to two streams. */
    static RemoteProcess into(ChannelExec channel, OutputStream out, OutputStream err) throws IOException {
        return new RemoteProcess(channel, InputStream.nullInputStream(), InputStream.nullInputStream())
                .writingTo(out, err);
    }

    private RemoteProcess writingTo(OutputStream outSink, OutputStream errSink) {
        channel.setOutputStream(outSink);
        // JSch has no callback for the end of a channel, but it closes this stream last, when the exit code is known.
        channel.setErrStream(new FilterOutputStream(errSink) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                super.close();
                ended();
            }
        });
        return this;
    }

    /**
     * Returns the standard input of the command.
     *
     * @return a buffered stream: flush it; closing it ends the input
     */
    public OutputStream in() {
        return in;
    }

    /**
     * Returns the standard output of the command. Read it or close it: many megabytes of unread output block the
     * session.
     *
     * @return a stream; it also ends if the connection is lost
     */
    public InputStream out() {
        return out;
    }

    /**
     * Returns the standard error of the command. Read it or close it, like {@link #out}.
     *
     * @return a stream; it also ends if the connection is lost
     */
    public InputStream err() {
        return err;
    }

    /**
     * Returns the exit code, when the command has ended.
     *
     * @return the exit code; 128 plus the signal's number if a signal ended the command; fails with an
     *     {@link IOException} if the command was closed or the connection was lost
     */
    public CompletableFuture<Integer> onExit() {
        return exit;
    }

    /** Closes the streams, which does not end every command. Takes a second at most, even if the node is silent. */
    @Override
    public void close() {
        closeQuietly(out);
        closeQuietly(err);
        if (!exit.isDone()) {
            TimeLimit.run("ssh-close-command", CLOSE_LIMIT, channel::disconnect);
            ended();
        }
    }

    /** Completes the future on another thread: the session's thread must not run the actions that depend on it. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void ended() {
        int status = channel.getExitStatus();
        String signal = channel.getExitSignal();
        if (status >= 0) {
            exit.completeAsync(() -> status, TimeLimit.THREADS);
        } else if (signal != null) {
            exit.completeAsync(() -> SIGNALS.contains(signal) ? 128 + SIGNALS.indexOf(signal) : 255, TimeLimit.THREADS);
        } else {
            exit.completeExceptionally(new IOException("the connection ended before the command"));
        }
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new IllegalStateException("a queue in memory cannot fail to close", e);
        }
    }

    /** Fails writes to a command that has ended. JSch would discard them silently. */
    private static final class Input extends FilterOutputStream {

        private final ChannelExec channel;

        Input(ChannelExec channel) throws IOException {
            super(channel.getOutputStream());
            this.channel = channel;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            check();
            out.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            check();
            out.write(bytes, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            check();
            out.flush();
        }

        @Override
        public synchronized void close() throws IOException {
            out.close();
        }

        private void check() throws IOException {
            if (channel.isClosed()) {
                throw new IOException("the command has ended");
            }
        }
    }
}
