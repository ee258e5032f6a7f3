//! The seven tools and what the status of a call says about each.

use serde_json::{Map, Value};

use crate::object::{object, union, words};

words! {
    /// Which tool.
    pub enum ToolType {
        /// Search on the web.
        WebSearch = "web_search",
        /// Search in files.
        FileSearch = "file_search",
        /// Code that runs in a container.
        CodeInterpreter = "code_interpreter",
        /// Images.
        ImageGeneration = "image_generation",
        /// A function of ours.
        Function = "function",
        /// A tool of a remote server.
        Mcp = "mcp",
        /// Another agent.
        Agent = "agent",
    }
}

words! {
    /// How a search stands.
    pub enum SearchStatus {
        /// Begun.
        InProgress = "in_progress",
        /// Searching.
        Searching = "searching",
        /// Done.
        Completed = "completed",
    }
}

words! {
    /// How code stands.
    pub enum CodeStatus {
        /// Begun.
        InProgress = "in_progress",
        /// Running.
        Interpreting = "interpreting",
        /// Done.
        Completed = "completed",
    }
}

words! {
    /// Who chose the container.
    pub enum ContainerMode {
        /// The provider.
        Auto = "auto",
        /// The caller.
        Explicit = "explicit",
    }
}

words! {
    /// How an image stands.
    pub enum ImageStatus {
        /// Begun.
        InProgress = "in_progress",
        /// Being drawn.
        Generating = "generating",
        /// A preview exists.
        PartialImage = "partial_image",
        /// Done.
        Completed = "completed",
    }
}

words! {
    /// How the call of a function or an agent stands.
    pub enum CallStatus {
        /// Running.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Broken.
        Failed = "failed",
    }
}

words! {
    /// How the call of a remote tool stands.
    pub enum McpStatus {
        /// Somebody has to allow it.
        AwaitingApproval = "awaiting_approval",
        /// Running.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Broken.
        Failed = "failed",
    }
}

union! {
    /// A tool call and how it stands.
    pub enum Tool by "tool_type" {
        /// Search on the web.
        WebSearch(WebSearch) = "web_search",
        /// Search in files.
        FileSearch(FileSearch) = "file_search",
        /// Code that runs in a container.
        CodeInterpreter(CodeInterpreter) = "code_interpreter",
        /// Images.
        ImageGeneration(ImageGeneration) = "image_generation",
        /// A function of ours.
        Function(FunctionTool) = "function",
        /// A tool of a remote server.
        Mcp(McpTool) = "mcp",
        /// Another agent.
        Agent(AgentTool) = "agent",
    }
}

object! {
    /// Search on the web.
    pub struct WebSearch {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: SearchStatus,
        /// What was asked.
        query: Option<String>,
        /// The addresses found.
        sources: Option<Vec<String>>,
    }
}

object! {
    /// Search in files.
    pub struct FileSearch {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: SearchStatus,
        /// What was asked.
        queries: Option<Vec<String>>,
        /// What was found.
        results: Option<Vec<FileResult>>,
    }
}

object! {
    /// A passage of a file.
    pub struct FileResult {
        /// The file.
        file_id: String,
        /// The file's name.
        filename: Option<String>,
        /// How well it fits.
        score: Option<f64>,
        /// Where it was found.
        vector_store_id: Option<String>,
        /// What the store knows about it.
        attributes: Option<Map<String, Value>>,
        /// The passage.
        text: Option<String>,
    }
}

object! {
    /// Code that runs in a container.
    pub struct CodeInterpreter {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: CodeStatus,
        /// The container.
        container_id: Option<String>,
        /// Who chose it.
        container_mode: Option<ContainerMode>,
    }
}

object! {
    /// Images.
    pub struct ImageGeneration {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: ImageStatus,
        /// The prompt that was used.
        revised_prompt: Option<String>,
        /// The file format.
        format: Option<String>,
        /// Width and height.
        size: Option<String>,
        /// The quality.
        quality: Option<String>,
        /// The background.
        background: Option<String>,
        /// Which preview it is.
        partial_image_index: Option<u64>,
    }
}

object! {
    /// A function of ours.
    pub struct FunctionTool {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: CallStatus,
        /// The function.
        name: String,
        /// The arguments as they came.
        arguments_text: Option<String>,
        /// The arguments, if they are an object.
        arguments_json: Option<Map<String, Value>>,
        /// What it returned.
        output: Option<Value>,
    }
}

object! {
    /// A tool of a remote server.
    pub struct McpTool {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: McpStatus,
        /// The tool.
        tool_name: String,
        /// The server.
        server_label: Option<String>,
        /// The arguments as they came.
        arguments_text: Option<String>,
        /// The arguments, if they are an object.
        arguments_json: Option<Map<String, Value>>,
        /// What it returned.
        output: Option<Value>,
    }
}

object! {
    /// Another agent.
    pub struct AgentTool {
        /// The call.
        tool_call_id: String,
        /// How it stands.
        status: CallStatus,
        /// The tool's name.
        name: String,
        /// The agent.
        agent: Option<String>,
    }
}

impl Tool {
    /// Which tool.
    pub const fn tool_type(&self) -> ToolType {
        match self {
            Self::WebSearch(_) => ToolType::WebSearch,
            Self::FileSearch(_) => ToolType::FileSearch,
            Self::CodeInterpreter(_) => ToolType::CodeInterpreter,
            Self::ImageGeneration(_) => ToolType::ImageGeneration,
            Self::Function(_) => ToolType::Function,
            Self::Mcp(_) => ToolType::Mcp,
            Self::Agent(_) => ToolType::Agent,
        }
    }

    /// Which call.
    pub fn tool_call_id(&self) -> &str {
        match self {
            Self::WebSearch(tool) => &tool.tool_call_id,
            Self::FileSearch(tool) => &tool.tool_call_id,
            Self::CodeInterpreter(tool) => &tool.tool_call_id,
            Self::ImageGeneration(tool) => &tool.tool_call_id,
            Self::Function(tool) => &tool.tool_call_id,
            Self::Mcp(tool) => &tool.tool_call_id,
            Self::Agent(tool) => &tool.tool_call_id,
        }
    }

    /// How it stands, as on the wire.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::WebSearch(WebSearch { status, .. }) | Self::FileSearch(FileSearch { status, .. }) => {
                status.as_str()
            }
            Self::CodeInterpreter(tool) => tool.status.as_str(),
            Self::ImageGeneration(tool) => tool.status.as_str(),
            Self::Function(FunctionTool { status, .. }) | Self::Agent(AgentTool { status, .. }) => {
                status.as_str()
            }
            Self::Mcp(tool) => tool.status.as_str(),
        }
    }
}
