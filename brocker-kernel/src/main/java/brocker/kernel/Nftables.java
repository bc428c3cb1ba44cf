package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The packet filter of one network namespace, told what to do in the language of nft(8). Thread-safe; a call blocks in the kernel,
 * for about 0.1 ms where it changes a few elements, so it belongs on a platform thread.
 */
public final class Nftables implements AutoCloseable {
    private static final int NETLINK_NETFILTER = 12;
    private static final int NFT_CTX_DEFAULT = 0;

    /** The library waits with select(2), which knows no higher descriptors, and ends the process over one that is. */
    private static final int FD_SETSIZE = 1024;

    /** Contexts are their users' own, but the library's parser and its tables of names are one for the whole process. */
    private static final ReentrantLock LIBRARY = new ReentrantLock();

    private final MemorySegment context;
    private boolean closed;

    private Nftables(MemorySegment context) {
        this.context = context;
    }

    /**
     * Opens the packet filter of the calling thread's network namespace, to which it stays bound whoever uses it.
     *
     * @throws MissingLibraryException where the host has no libnftables
     * @throws KernelException where the kernel has no netfilter(8) netlink
     * @throws IllegalStateException where this process has all of the first 1,024 descriptors open; so it is opened before what
     *     grows with the number of containers
     */
    public static Nftables open() {
        if (!LibNftables.isPresent()) {
            throw new MissingLibraryException(LibNftables.SONAME);
        }
        LIBRARY.lock();
        try {
            // Where such a socket cannot be had nft_ctx_new calls exit(3), and takes the JVM with it.
            try (NetlinkSocket tried = NetlinkSocket.open(NETLINK_NETFILTER)) {
                if (tried.number() >= FD_SETSIZE) {
                    throw new IllegalStateException("too many descriptors are open for libnftables: " + tried.number());
                }
            }
            MemorySegment context = LibNftables.nft_ctx_new(NFT_CTX_DEFAULT);
            if (LibNftables.nft_ctx_buffer_output(context) != 0 || LibNftables.nft_ctx_buffer_error(context) != 0) {
                LibNftables.nft_ctx_free(context);
                throw new IllegalStateException("libnftables cannot keep what it says");
            }
            return new Nftables(context);
        } finally {
            LIBRARY.unlock();
        }
    }

    /**
     * Runs commands as one transaction: all of them or, where this throws, none.
     *
     * @return what they print, empty for most
     * @throws NftablesException with what libnftables says of it
     */
    public String run(String commands) {
        LIBRARY.lock();
        try (Call call = new Call()) {
            if (closed) {
                throw new IllegalStateException("the packet filter is closed");
            }
            int result = LibNftables.nft_run_cmd_from_buffer(context, call.string(commands));
            String said = LibNftables.nft_ctx_get_error_buffer(context);
            String printed = LibNftables.nft_ctx_get_output_buffer(context);
            if (result != 0) {
                throw new NftablesException(said.strip());
            }
            return printed;
        } finally {
            LIBRARY.unlock();
        }
    }

    /** What was set up stays. */
    @Override
    public void close() {
        LIBRARY.lock();
        try {
            if (!closed) {
                closed = true;
                LibNftables.nft_ctx_free(context);
            }
        } finally {
            LIBRARY.unlock();
        }
    }
}
