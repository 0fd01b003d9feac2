# Node 22, and the packages of the console and the tests: all from npm, all
# inside the tree.
# shellcheck shell=bash

# use_node: puts Node 22 and its npm first on the PATH.
use_node() {
    local deps=$tree/.deps bin=$tree/.deps/node_modules/.bin
    case $("$bin/node" --version 2>/dev/null) in
    v22.*) ;;
    *)
        say "installing Node 22 into .deps"
        mkdir -p "$deps"
        # The package of this architecture under the name "node": it has no
        # install script, which npm 11 would ask about.
        run_logged "$deps/install.log" npm install --prefix "$deps" --no-save \
            --no-audit --no-fund "node@npm:node-$(node_platform)@22" npm@10 ||
            die "npm could not install Node 22; is the npm registry in reach?"
        ;;
    esac
    export PATH="$bin:$PATH"
}

node_platform() {
    case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) die "no Node 22 is known for $(uname -m)" ;;
    esac
}

# bpe_ranks: the ranks of the encodings, from npm into .deps/bpe. They are
# those of the vendor, bit for bit, or they are refused.
bpe_ranks() {
    local deps=$tree/.deps/bpe
    local data=$deps/node_modules/gpt-tokenizer/data
    [ -f "$deps/.checked" ] && return 0
    say "installing the tokenizers' ranks into .deps"
    mkdir -p "$deps"
    run_logged "$tree/.deps/bpe-install.log" npm install --prefix "$deps" \
        --no-save --no-audit --no-fund --ignore-scripts gpt-tokenizer@4.0.0 ||
        die "npm could not install gpt-tokenizer"
    (cd "$data" && sha256sum --quiet -c - <<'END') ||
223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7  cl100k_base.tiktoken
446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d  o200k_base.tiktoken
END
        die "the ranks in $data are not the vendor's"
    touch "$deps/.checked"
}

# npm_tiktoken: the tokenizer that ours is measured beside, into .deps/tiktoken.
npm_tiktoken() {
    local deps=$tree/.deps/tiktoken
    [ -d "$deps/node_modules/tiktoken" ] && return 0
    say "installing tiktoken into .deps"
    mkdir -p "$deps"
    run_logged "$tree/.deps/tiktoken-install.log" npm install --prefix "$deps" \
        --no-save --no-audit --no-fund --ignore-scripts tiktoken@1.0.22 ||
        die "npm could not install tiktoken"
}

# npm_packages FOLDER: npm ci, when package-lock.json is not the one installed.
npm_packages() {
    local folder=$1 stamp=$1/node_modules/.installed wanted
    wanted=$(sha256sum <"$folder/package-lock.json")
    up_to_date "$stamp" "$wanted" && return 0
    say "installing the npm packages of ${folder#"$tree"/}"
    (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
        run_logged "$tree/.deps/npm-$(echo "${folder#"$tree"/}" | tr / -).log" \
        npm ci --no-audit --no-fund) ||
        die "npm ci failed in ${folder#"$tree"/}"
    echo "$wanted" >"$stamp"
}

# build_web: the console's files in web/dist.
build_web() {
    local stamp=$tree/web/dist/.built wanted
    npm_packages "$tree/web"
    wanted=$(fingerprint "$tree/web")
    up_to_date "$stamp" "$wanted" && return 0
    say "building the console"
    (cd "$tree/web" &&
        run_logged "$tree/.deps/web-build.log" npm run build) ||
        die "the console does not build"
    # What the build itself wrote into web/ must not count as a change.
    fingerprint "$tree/web" >"$stamp"
}
